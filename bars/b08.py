"""B8: deadlines, elapsed and remaining time and breach agree with a minute counter written another way."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bars.bar import Bar, Outcome
from bars.clock_cases import random_case
from bars.minute_counter import Walk, walk
from manyi.commands.clock_cases import Case, read_cases
from manyi.core.calendars import Calendar, Span
from manyi.core.clocks.deadlines import due, elapsed, is_breached, remaining
from manyi.core.errors import Faults, Refusal

CI, FULL, FAULTY = 500, 10_000, 150
MOST = 60 * 1440
"""How far the counter walks, in minutes; a later deadline is only held to be later."""
ALLOWED_MS = 50
MINUTE = timedelta(minutes=1)
Product = Callable[[Case], datetime]


def product(case: Case) -> datetime:
    return due(case.start, case.within, case.calendar, case.pauses).at


def naive(case: Case) -> datetime:
    """Planted: arithmetic on the wall, as if no clock ever changed."""
    calendar, tz = case.calendar, ZoneInfo(case.calendar.zone)
    assert isinstance(calendar, Calendar)

    def wall(at: datetime) -> datetime:
        return at.astimezone(tz).replace(tzinfo=UTC)

    pauses = [replace(p, start=wall(p.start), end=wall(p.end)) for p in case.pauses if wall(p.start) < wall(p.end)]
    return due(wall(case.start), case.within, replace(calendar, zone="UTC"), pauses).at.replace(tzinfo=tz)


def off_by_one(case: Case) -> datetime:
    """Planted: a span lasts one minute longer."""
    assert isinstance(case.calendar, Calendar)
    week = tuple(tuple(Span(s.start, min(s.end + 1, s.start + 1440)) for s in day) for day in case.calendar.week)
    return due(case.start, case.within, replace(case.calendar, week=week), case.pauses).at


def hold_added(case: Case) -> datetime:
    """Planted: the pauses are added to the start."""
    held = sum((pause.end - pause.start for pause in case.pauses), timedelta())
    return due(case.start + held, case.within, case.calendar).at


PLANTED = {
    "naive local arithmetic": naive,
    "off by one at the end of a span": off_by_one,
    "hold added to creation": hold_added,
}


def counted_of(raw: dict[str, Any]) -> list[Walk]:
    """The counter's walks of one case, under its first and its changed priority."""
    return walk(raw, [raw["within"], raw["later"]], raw["asked"], MOST)


def differences(raw: dict[str, Any], walks: list[Walk], deadline: Product) -> list[str]:
    """What the product and the counter say differently of one case."""
    found = []
    asked = raw["asked"]
    for within, counted in zip((raw["within"], raw["later"]), walks, strict=True):
        told = {key: raw[key] for key in ("calendar", "from", "pauses", "edits") if key in raw} | {"within": within}
        try:
            [case] = read_cases([told], "case")
            at = deadline(case)
        except (Refusal, Faults):
            refused_rightly = counted.due is None or _never_opens(raw)
            found += [] if refused_rightly else [f"{within}: refused, but counted"]
            continue
        found += [f"{within}: not refused"] if _never_opens(raw) else []
        start = case.start.astimezone(UTC)
        minutes = (at.astimezone(UTC) - start) / MINUTE
        if counted.due is None:
            found += [f"{within}: due {minutes}, counted none"] if minutes <= MOST else []
            continue
        now = start + asked * MINUTE
        answers = {
            "due": (minutes, counted.due),
            "elapsed": (elapsed(start, now, case.calendar, case.pauses) / MINUTE, counted.elapsed(asked)),
            "remaining": (remaining(start, at, now, case.calendar, case.pauses) / MINUTE, counted.remaining(asked)),
            "breach": (is_breached(at, now), asked >= counted.due),
            "breach minute": (
                is_breached(at, start + counted.due * MINUTE)
                and not is_breached(at, start + (counted.due - 1) * MINUTE),
                True,
            ),
        }
        found += [f"{within}: {what} {ours} / {theirs}" for what, (ours, theirs) in answers.items() if ours != theirs]
    return found


def _never_opens(raw: dict[str, Any]) -> bool:
    """Whether the calendar, or what an edit made of it, has no open time at all."""
    calendars = [raw["calendar"], *(calendar for _, calendar in raw.get("edits", []))]
    return not all(any([*c["week"].values(), *c["open"].values()]) for c in calendars)


def slowest(cases: list[dict[str, Any]]) -> float:
    """The longest any one call of ``due`` took, in milliseconds of processor time; the second try of each counts."""
    worst = 0.0
    for raw in cases:
        told = {key: raw[key] for key in ("calendar", "from", "pauses", "edits", "within") if key in raw}
        try:
            [case] = read_cases([told], "case")
            for _ in range(2):
                began = time.process_time()
                product(case)
                took = 1000 * (time.process_time() - began)
        except (Refusal, Faults):
            continue
        worst = max(worst, took)
    return worst


def run(full: bool, fault: bool) -> Outcome:
    random = Random(20260508)
    if fault:
        cases = [case for case in (random_case(random) for _ in range(4 * FAULTY)) if "edits" not in case]
        # the DST zones first, where naive arithmetic goes wrong
        cases.sort(key=lambda case: case["calendar"]["timezone"] in ("Asia/Shanghai", "Asia/Kathmandu"))
        found = dict.fromkeys(PLANTED, 0)
        for case in cases[:FAULTY]:
            walks = counted_of(case)
            for name, plant in PLANTED.items():
                found[name] += bool(differences(case, walks, plant))
        missed = [name for name, number in found.items() if not number]
        return Outcome(bool(missed), f"{FAULTY} cases each; found wrong: {found}")
    cases = [random_case(random) for _ in range(FULL if full else CI)]
    wrong = [
        (number, told) for number, case in enumerate(cases) for told in differences(case, counted_of(case), product)
    ]
    worst = slowest(cases)
    figures = f"{len(cases)} cases, {len(wrong)} differences {wrong[:3]}; slowest deadline {worst:.1f} ms"
    return Outcome(not wrong and worst < ALLOWED_MS, figures)


BAR = Bar("B8", "clocks agree with an independent minute counter", "naive time, off by one, hold added", run)
