"""B7: many respondents at once, beside a report, an import and a backup: nobody is told that the database is locked."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bars.bar import Bar, Outcome
from bars.respondent import Customer
from bars.site import Site, site

CLIENTS = 32
MORE = """
from datetime import date
from decimal import Decimal
from django.utils import timezone
from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales
from manyi.base.people.models import Person, Unit
from manyi.flow.dispatch.operations import send_wave
from manyi.flow.plan.models import Wave
at, root = timezone.now(), Unit.objects.get(parent=None)
zhao = Person.objects.get(username='zhao')
rows = [NewCustomer(f'{prefix}{{n}}', f'顾客{{n}}') for n in range({n})]
register_customers(by=zhao, at=at, unit=root, rows=rows)
register_sales(by=zhao, at=at, unit=root, rows=[NewSale(r.code, '球阀', 2026, Decimal(1000)) for r in rows])
if {send}:
    wave = Wave.objects.get(state='open')
    send_wave(by=zhao, at=at, wave=wave, pairs=[(r.code, '球阀') for r in rows], channel='mail', sent_on=timezone.localdate())
"""
SCORE = """
from django.utils import timezone
from manyi.base.people.models import Person
from manyi.flow.plan.models import Wave
from manyi.flow.scores.operations import compute_scores
compute_scores(by=Person.objects.get(username='li'), at=timezone.now(), wave=Wave.objects.get(state='open'))
"""


def run(full: bool, fault: bool) -> Outcome:
    seconds = 180.0 if full else 6.0 if fault else 12.0
    sheets = 40_000 if full else 3000
    with site("bars.faults.deferred" if fault else "manyi.settings") as here:
        here.run(MORE.format(prefix="B", n=sheets, send=True))
        links = here.links(sheets + 500)
        random.Random(3).shuffle(links)
        statuses, waits, beside = _load(here, links, seconds, full)
    worst = sorted(waits)[int(len(waits) * 0.99)] if waits else 0.0
    bad = sum(status != 303 for status in statuses)
    return Outcome(
        bool(statuses) and bad == 0 and not beside,
        f"{len(statuses)} sheets in {seconds:.0f} s ({len(statuses) / seconds:.0f}/s), {bad} not acknowledged, "
        f"p99 {worst * 1000:.0f} ms, beside: {'; '.join(beside) or 'report, import, backup done'}",
    )


def _load(here: Site, links: list[str], seconds: float, full: bool) -> tuple[list[int], list[float], list[str]]:
    statuses: list[int] = []
    waits: list[float] = []
    trouble: list[str] = []
    queue = iter(links)
    guard = threading.Lock()
    deadline = time.monotonic() + seconds

    def one(_: int) -> None:
        while time.monotonic() < deadline:
            with guard:
                link = next(queue, None)
            if link is None:
                return
            customer = Customer(here.port, link, random.Random(link))
            try:
                fields = customer.filled()
                began = time.monotonic()
                status = customer.send(fields).status
            except (RuntimeError, OSError):
                status, began = 0, time.monotonic()
            with guard:
                statuses.append(status)
                waits.append(time.monotonic() - began)

    def beside() -> None:
        for name, job in (
            ("report", lambda: here.run(SCORE)),
            ("imports", lambda: _imports(here, 100_000 if full else 1500)),
            ("backup", lambda: _backup(here)),
        ):
            try:
                job()
            except RuntimeError as error:
                trouble.append(f"{name}: {str(error).strip().splitlines()[-1]}")

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        helper = pool.submit(beside)
        list(pool.map(one, range(CLIENTS)))
        helper.result()
    return statuses, waits, trouble


def _imports(here: Site, rows: int) -> None:
    """Three registers taken in at once by processes of their own: writers that know nothing of each other."""
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda prefix: here.run(MORE.format(prefix=prefix, n=rows, send=False)), "XYZ"))


def _backup(here: Site) -> None:
    done = here.manyi("backup", str(here.data.parent / "backup.tar.gz"))
    if done.returncode:
        raise RuntimeError(done.stderr or "failed")


BAR = Bar(
    "B7",
    f"{CLIENTS} respondents beside report, import and backup: 0 locked, 0 refused",
    "late write locks",
    run,
    both=True,
)
