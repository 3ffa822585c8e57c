"""The procedure language as typed values: one module per chapter of the language."""

from manyi.language.model.procedure import Procedure
from manyi.language.model.values import Settled

__all__ = ["Procedure", "Settled"]
