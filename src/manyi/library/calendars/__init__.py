"""Public holidays that ship with Manyi: one JSON file a country, each year marked official or not."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from manyi.core.calendars import PublicDays
from manyi.core.text import Text

ROOT = Path(__file__).parent


def find_public_days(key: str) -> PublicDays | None:
    """The holidays and make-up days of ``china``; ``None``: none of the name are shipped."""
    return _read(key) if key in list_public_days() else None


def list_public_days() -> list[str]:
    """The keys of the shipped calendars."""
    return sorted(path.stem for path in ROOT.glob("*.json"))


@cache
def default_week() -> dict[str, list[str]]:
    """The spans of each weekday that a new installation begins with; the company enters its own."""
    week: dict[str, list[str]] = json.loads((ROOT / "hours" / "week.json").read_text(encoding="utf-8"))
    return week


@cache
def _read(key: str) -> PublicDays:
    data = json.loads((ROOT / f"{key}.json").read_text(encoding="utf-8"))
    closed: dict[date, Text] = {}
    make_up: dict[date, Text] = {}
    for year in data["years"].values():
        for holiday in year["closed"]:
            first, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
            for offset in range((last - first).days + 1):
                closed[first + timedelta(days=offset)] = Text(holiday["zh"], holiday["en"])
        make_up |= {date.fromisoformat(day): Text(**data["make_up"]) for day in year["make_up"]}
    confirmed = frozenset(int(number) for number, year in data["years"].items() if year["confirmed"])
    return PublicDays(data["timezone"], closed, make_up, confirmed)
