"""The ways to spoil a procedure, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.language.mutating import File, Site

Mutation = Callable[[File], Iterator[Site]]
MUTATIONS: dict[str, Mutation] = {}


def mutation(function: Mutation) -> Mutation:
    """Register a way to spoil a file under its name."""
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function
