"""A second clock, written from the rule alone: it walks minute by minute in UTC and looks at the wall of each minute.

It shares nothing with the product: it reads the cases itself, knows no spans of instants and adds no durations. What
counts is a real minute whose local wall time lies in an open span and in no pause; the deadline is the end of the last
needed minute. Days end at the minute after which the wall shows a later date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass
class Walk:
    """Every minute walked, from the start: whether it counts; and where the deadline fell, in minutes (None: beyond)."""

    counts: bytearray
    due: int | None

    def elapsed(self, asked: int) -> int:
        return sum(self.counts[: max(0, asked)])

    def remaining(self, asked: int) -> int:
        assert self.due is not None
        asked = max(0, asked)
        return sum(self.counts[asked : self.due]) if asked <= self.due else -sum(self.counts[self.due : asked])


class Wall:
    """What one calendar says of a minute on the wall."""

    def __init__(self, calendar: dict[str, Any]) -> None:
        self.calendar = calendar
        self.days: dict[date, bytearray] = {}

    def written(self, day: date) -> list[str]:
        opened = self.calendar.get("open", {})
        if day.isoformat() in opened:
            return opened[day.isoformat()]
        if day.isoformat() in self.calendar.get("closed", []):
            return []
        return self.calendar["week"].get(WEEKDAYS[day.weekday()], [])

    def is_open(self, day: date, minute: int) -> int:
        if day not in self.days:
            flags = bytearray(1440)
            for which, shift in ((day - timedelta(days=1), 1440), (day, 0)):
                for text in self.written(which):
                    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
                    for m in range(1440):
                        seen = m + shift
                        if begin < end:
                            flags[m] |= begin <= seen < end
                        else:
                            flags[m] |= begin <= seen < end + 1440
            self.days[day] = flags
        return self.days[day][minute]


def walk(case: dict[str, Any], withins: list[str], asked: int, most: int) -> list[Walk]:
    """Walk until ``asked`` and the deadlines of all ``withins`` are behind, or ``most`` minutes."""
    tz = ZoneInfo(case["calendar"]["timezone"])
    minute = datetime.fromisoformat(case["from"]).astimezone(UTC)
    pauses = [[datetime.fromisoformat(x).astimezone(UTC) for x in pair] for pair in case.get("pauses", [])]
    walls = [(datetime.min.replace(tzinfo=UTC), Wall(case["calendar"]))]
    walls += [(datetime.fromisoformat(at).astimezone(UTC), Wall(calendar)) for at, calendar in case.get("edits", [])]
    local = minute.astimezone(tz)
    counts = bytearray()
    goals = [(Goal(within, local.date()), Walk(counts, None)) for within in withins]
    while len(counts) < most and (len(counts) <= asked or any(found.due is None for _, found in goals)):
        wall = [w for since, w in walls if since <= minute][-1] if len(walls) > 1 else walls[0][1]
        paused = any(a <= minute < b for a, b in pauses)
        is_open = wall.is_open(local.date(), local.hour * 60 + local.minute)
        counts.append(bool(is_open and not paused))
        following = (minute + MINUTE).astimezone(tz)
        # the calendar at the end of the day says what the day was
        for goal, found in goals:
            if found.due is None and goal.reached(counts[-1], paused, local.date(), following.date(), wall):
                found.due = len(counts)
        minute, local = minute + MINUTE, following
    return [found for _, found in goals]


class Goal:
    """How far a clock has to run: a number of counted minutes, or of ends of days."""

    def __init__(self, within: str, first: date) -> None:
        number, _, unit = within.partition(" ")
        self.first, self.unit = first, unit.rstrip("s")
        if self.unit in ("minute", "hour"):
            self.left = int(number) * (60 if self.unit == "hour" else 1)
        elif self.unit == "working day":
            self.left = int(number)
        else:
            self.left = 1 + {"day": 1, "week": 7}[self.unit] * int(number)

    def reached(self, counts: int, paused: bool, day: date, following: date, wall: Wall) -> bool:
        if self.unit in ("minute", "hour"):
            self.left -= bool(counts)
            return not self.left
        if following > day and not paused and (self.unit != "working day" or wall.written(day)):
            self.left -= self.unit != "working day" or day > self.first
            if self.unit == "working day" and day == self.first:
                return False
            return not self.left
        # an end of the first day that lies in a pause moves the end of a term of working days
        if following > day and paused and self.unit == "working day" and day == self.first and wall.written(day):
            self.left += 1
        return False
