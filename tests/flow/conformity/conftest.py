"""The procedures of the tests of records and duties, for what is said of them afterwards."""

from tests.flow.duties.conftest import happens, in_force, text_of
from tests.flow.records.conftest import kind, open_, people, px, take

__all__ = ["happens", "in_force", "kind", "open_", "people", "px", "take", "text_of"]
