"""Forty and more ways to spoil a procedure, each applied wherever a file has a place for it.

``python -m tests.language.mutations`` runs them over every shipped procedure and prints which are caught.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from tests.language.mutating import Site, Told, file_of, tell
from tests.language.mutations import clauses, figures, flows, names, work
from tests.language.mutations.registry import MUTATIONS

CHAPTERS = (figures, clauses, names, flows, work)
"""The modules whose mutations stand in the registry."""

Row = tuple[str, str, Site, Told]


def run(names: tuple[str, ...], per_kind: int | None = None, seed: int = 1) -> list[Row]:
    """Every mutation at every place of the files; with ``per_kind``, so many places of each kind drawn by ``seed``."""
    rows: list[Row] = []
    for kind, function in MUTATIONS.items():
        places = [(name, site) for name in names for site in function(file_of(name))]
        if per_kind is not None and len(places) > per_kind:
            places = random.Random(f"{seed} {kind}").sample(places, per_kind)  # noqa: S311 — a sample of tests
        rows += [(kind, name, site, tell(file_of(name), site)) for name, site in places]
    return rows


def table(rows: list[Row]) -> str:
    """How many of each kind were made and caught, and by which checks."""
    made, caught = Counter(kind for kind, *_ in rows), Counter(kind for kind, *_, told in rows if told.caught)
    ids: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, _, _, told in rows:
        ids[kind].update(told.ids)
    lines = [f"{caught[k]:5} of {made[k]:5}  {k} ({', '.join(i for i, _ in ids[k].most_common(4))})" for k in MUTATIONS]
    whole = f"{sum(caught.values())} of {len(rows)} caught, {len([k for k in MUTATIONS if made[k]])} kinds"
    return "\n".join([*lines, whole])
