"""Random cases for the clocks: the mix of calendars, zones, pauses, reopenings and edits that bar B8 names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

ZONES = ["Asia/Shanghai"] * 6 + ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25), date(2025, 3, 30), date(2025, 10, 26)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2025, 3, 9), date(2025, 11, 2)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4), date(2025, 4, 6), date(2025, 10, 5)),
}
"""The days on which the clocks change: every second case of these zones starts within three days of one."""
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PATTERNS = [
    ["08:30-12:00", "13:30-17:30"], ["09:00-18:00"], ["00:00-24:00"], ["22:00-06:00"], ["16:00-24:00"],
    ["00:00-03:00", "20:00-24:00"], ["06:00-10:00", "10:30-12:00", "13:00-15:00", "15:15-18:45"],
    ["08:00-12:00", "13:00-17:00", "21:30-02:30"], ["01:00-03:00"], ["02:15-02:45", "09:00-09:01"],
]  # fmt: skip


def random_case(random: Random) -> dict[str, Any]:
    """One case as ``manyi clock`` takes it, with ``later`` (a changed priority) and ``asked`` (minutes) beside it."""
    zone = random.choice(ZONES)
    start = _start(random, zone)
    calendar = _calendar(random, zone, start)
    case: dict[str, Any] = {"calendar": calendar, "from": _told(start, zone, random), "within": _within(random)}
    pauses = [_pause(random, start) for _ in range(random.randint(0, 6))]
    pauses += _reopenings(random, start)  # closed until reopened: the clock stands still
    case["pauses"] = [[_told(x, zone, random) for x in pair] for pair in pauses]
    if random.random() < 0.2:
        at = start + timedelta(minutes=random.randint(1, 4000))
        case["edits"] = [[_told(at, zone, random), _calendar(random, zone, start)]]
    case["later"], case["asked"] = _within(random), random.randint(-60, 5000)
    return case


def _start(random: Random, zone: str) -> datetime:
    tz = ZoneInfo(zone)
    if zone in CHANGES and random.random() < 0.5:
        day = random.choice(CHANGES[zone]) + timedelta(days=random.randint(-3, 2))
        local = datetime(day.year, day.month, day.day, tzinfo=tz)
    else:
        local = datetime(2025, 1, 1, tzinfo=tz) + timedelta(days=random.randint(0, 700))
    return local.astimezone(UTC) + timedelta(minutes=random.randint(0, 1439))


def _calendar(random: Random, zone: str, start: datetime) -> dict[str, Any]:
    common = random.choice(PATTERNS)
    week = {day: common if random.random() < 0.8 else random.choice([*PATTERNS, []]) for day in DAYS[:5]}
    week |= {day: random.choice([[], [], [], common, ["09:00-12:00"]]) for day in DAYS[5:]}
    if random.random() < 0.05:
        week = {day: [] for day in DAYS}
    days = [(start + timedelta(days=random.randint(-2, 12))).date().isoformat() for _ in range(6)]
    closed = days[: random.randint(0, 4)]
    opened = {day: random.choice([*PATTERNS, []]) for day in days[3 : random.randint(3, 6)]}
    return {"timezone": zone, "week": week, "closed": closed, "open": opened}


def _pause(random: Random, start: datetime) -> tuple[datetime, datetime]:
    begin = start + timedelta(minutes=random.randint(-600, 6000))
    return begin, begin + timedelta(minutes=random.choice([0, 1, 30, 240, 1440, random.randint(0, 3000)]))


def _reopenings(random: Random, start: datetime) -> list[tuple[datetime, datetime]]:
    found, at = [], start
    for _ in range(random.choice([0, 0, 0, 1, 2, 3])):
        closed = at + timedelta(minutes=random.randint(1, 1500))
        at = closed + timedelta(minutes=random.randint(1, 2000))
        found.append((closed, at))
    return found


def _within(random: Random) -> str:
    if random.random() < 0.25:
        return f"{random.randint(1, 4)} {random.choice(['day', 'days', 'working days', 'week'])}"
    return random.choice([f"{random.randint(1, 900)} minutes", f"{random.randint(1, 30)} hours", "8 hours", "24 hours"])


def _told(at: datetime, zone: str, random: Random) -> str:
    return (at.astimezone(ZoneInfo(zone)) if random.random() < 0.5 else at).isoformat()
