"""B9: what is owed is opened once, warned of once and brought up once, though the clock is killed and stands still."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bars.bar import Bar, Outcome
from bars.overdue_company import CLOCK, COMPANY, LEDGER, TEXT
from bars.site import Site, empty

BEGIN, DAY, OFFICES = datetime(2026, 11, 3, tzinfo=UTC), timedelta(days=1), 3
SHANGHAI = timedelta(hours=8)
STANDS_STILL = (timedelta(days=9), timedelta(days=12))
Duty = dict[str, Any]


def run(full: bool, fault: bool) -> Outcome:
    days, cases, kills = (30, 300, 60) if full else (14, 24, 4)
    dice = random.Random(9)
    steps = _steps(days, dice)
    happened = sorted((BEGIN + dice.random() * (days - 2) * DAY, dice.randrange(OFFICES)) for _ in range(cases))
    with TemporaryDirectory(prefix="manyi-b9-") as folder, empty() as here:
        here.run(f"TEXT = {TEXT!r}\n{COMPANY}")
        plan, done = Path(folder) / "plan.json", Path(folder) / "done"
        told = {"steps": [s.isoformat() for s in steps], "cases": [[w.isoformat(), o] for w, o in happened]}
        plan.write_text(json.dumps(told), encoding="utf-8")
        done.write_bytes(b"")
        killed = _lived_through(here, plan, done, kills, dice, fault)
        wrong = _wrong(json.loads(here.run(LEDGER)), steps, happened)
    counted = (
        f"{len(steps)} instants, {killed} kills, {cases} cases; wrong: {dict(Counter(w.split(':')[0] for w in wrong))}"
    )
    return Outcome(not wrong and killed >= kills, f"{counted} {wrong[:3]}")


def _steps(days: int, dice: random.Random) -> list[datetime]:
    """The instants at which the clock looks; for three days it stands still."""
    steps = [BEGIN + (n + dice.random()) * DAY / 4 for n in range(4 * days)]
    low, high = STANDS_STILL
    return [step for step in steps if not low <= step - BEGIN < high]


def _lived_through(here: Site, plan: Path, done: Path, kills: int, dice: random.Random, fault: bool) -> int:
    """Start the clock, kill it at random, start it again; at last let it come to the end. How often it was killed."""
    code = f"import django; django.setup()\nDONE, PLAN, FAULT = {str(done)!r}, {str(plan)!r}, {fault!r}\n{CLOCK}"
    steps = len(json.loads(plan.read_text(encoding="utf-8"))["steps"])
    for kill in range(kills):
        upto = steps * (kill + 1) // (kills + 1)
        process = subprocess.Popen([sys.executable, "-c", code], env=here.env(), stdout=subprocess.DEVNULL)
        while done.stat().st_size < upto and process.poll() is None:
            time.sleep(0.002)
        time.sleep(dice.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = subprocess.run([sys.executable, "-c", code], env=here.env(), capture_output=True, text=True, check=False)
    if last.returncode:
        raise RuntimeError(last.stderr)
    return kills


def _wrong(duties: list[Duty], steps: list[datetime], happened: list[tuple[datetime, int]]) -> list[str]:
    """Every difference from what is counted here on its own: three days after, midnight in Shanghai."""
    wanted = {("visit.go", f"records.happening:{n}"): _midnight(when, 4) for n, (when, _) in enumerate(happened)}
    wrong = [f"missing: {case}" for case in wanted.keys() - {(d["rule"], d["case"]) for d in duties}]
    seen: Counter[tuple[str, str]] = Counter((d["rule"], d["case"]) for d in duties)
    wrong += [f"twice: {case}" for case, n in seen.items() if n > 1]
    weeks = {d["period"] for d in duties if d["rule"] == "daily_note.write"}
    wrong += [f"weeks: {seen}"] if sum(d["rule"] == "daily_note.write" for d in duties) != OFFICES * len(weeks) else []
    wrong += [] if _weeks(steps) <= weeks else [f"weeks: {weeks}"]
    for duty in duties:
        due = wanted.get((duty["rule"], duty["case"]))
        if due is not None and datetime.fromisoformat(duty["due"]) != due:
            wrong.append(f"due: {duty}")
        wrong += [f"{fault}: {duty['case']} {w}" for w in duty["warnings"] if (fault := _fault_of(w, duty, steps))]
        if len(duty["warnings"]) != (3 if duty["rule"] == "visit.go" else 2):
            wrong.append(f"warnings: {duty}")
    return wrong


def _fault_of(warning: dict[str, Any], duty: Duty, steps: list[datetime]) -> str:
    """What is wrong with one warning; empty: nothing."""
    opened = datetime.fromisoformat(duty["opened"])
    due = max(datetime.fromisoformat(warning["due"]), opened)
    first = next((step for step in steps if step >= due), None)
    given = datetime.fromisoformat(warning["given"]) if warning["given"] else None
    once = 0 if first is None else 1
    if (warning["events"], warning["mails"]) != (once, once):
        return "not once"
    return "" if given == first else "not at its instant"


def _midnight(when: datetime, days: int) -> datetime:
    local = (when + SHANGHAI).date()
    return datetime(local.year, local.month, local.day, tzinfo=UTC) - SHANGHAI + days * DAY


def _weeks(steps: list[datetime]) -> set[str]:
    """The weeks whose note fell due while the clock ran."""
    day, found = date(2026, 11, 9), set()
    while day <= (steps[-1] + SHANGHAI).date():
        year, week, _ = (day - timedelta(days=1)).isocalendar()
        found.add(f"{year}-W{week:02}")
        day += timedelta(days=7)
    return found


BAR = Bar(
    "B9",
    "everything owed opened, warned of and brought up exactly once",
    "warnings remembered in memory",
    run,
    both=True,
)
