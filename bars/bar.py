"""What a bar is: a condition that is measured, and the fault that must break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Whether the condition held, and the figures that show it."""

    held: bool
    figures: str


@dataclass(frozen=True)
class Bar:
    """``run(full, fault)`` measures at CI or full size; with ``fault`` it plants the control named in ``control``."""

    key: str
    title: str
    control: str
    run: Callable[[bool, bool], Outcome]
    both: bool = False
    """Whether it is held on PostgreSQL as well; its control is tried on SQLite."""
