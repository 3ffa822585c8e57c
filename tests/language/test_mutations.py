"""Seeded faults of the shipped procedures: nearly all are found, at the place or at the clause concerned."""

from __future__ import annotations

import pytest
from tests.language.files import PROCEDURES
from tests.language.mutating import Site, before, file_of, tell
from tests.language.mutations import Row, run, table
from tests.language.mutations.registry import MUTATIONS

KINDS, SHARE = 40, 0.95


@pytest.fixture(scope="module")
def sample() -> list[Row]:
    """Two places of every kind, drawn over all files."""
    return run(PROCEDURES, per_kind=2)


def test_forty_kinds_of_fault_have_a_place(sample: list[Row]) -> None:
    assert len({kind for kind, *_ in sample}) >= KINDS
    assert len(MUTATIONS) >= KINDS


def test_nearly_every_seeded_fault_is_found_where_it_is(sample: list[Row]) -> None:
    caught = sum(told.caught for *_, told in sample)
    assert caught >= SHARE * len(sample), table(sample)


def test_nothing_is_open_in_the_files_as_they_ship() -> None:
    assert {name: before(name) for name in PROCEDURES} == dict.fromkeys(PROCEDURES, frozenset())


def test_a_change_that_is_no_fault_is_not_called_caught() -> None:
    """A file in other words of its own is as good as before: the instrument does not find what is not there."""
    file = file_of("P12")
    told = tell(file, Site(("procedure", "title", "en"), "Another title"))
    assert (told.ids, told.caught) == ((), False)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCEDURES)
def test_every_place_of_every_file(name: str) -> None:
    rows = run((name,))
    assert sum(told.caught for *_, told in rows) >= SHARE * len(rows), table(rows)
