"""B3: a sheet that is sent again – double click, back and again, two tabs, much later – is one sheet with one receipt."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from bars.bar import Bar, Outcome
from bars.respondent import Customer
from bars.site import ENGINE, Site, site

COUNT = (
    "from manyi.flow.responses.models import Sheet; from manyi.base.evidence.models import Event\n"
    "returned = Event.objects.filter(kind='responses.sheet.returned', simulated=False)\n"
    "print(Sheet.objects.filter(wave__state='open').count(), returned.count())"
)


def run(full: bool, fault: bool) -> Outcome:
    customers = 5000 if full else 60 if ENGINE[0] == "sqlite" else 20
    if fault:
        return _without_key()
    with site() as here:
        before, _ = map(int, here.run(COUNT).split())
        links = here.links(customers)
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda link: _thrice(here, link), links))
        after, events = map(int, here.run(COUNT).split())
    same = sum(len(receipts) == 1 for receipts in outcomes)
    held = bool(links) and same == len(links) and after - before == len(links) == events
    return Outcome(
        held, f"{len(links)} sheets sent 4 times: {after - before} records, {events} events, {same} with one receipt"
    )


def _thrice(here: Site, link: str) -> set[tuple[int, str]]:
    """Two at once (a double click), then twice more."""
    customer = Customer(here.port, link, random.Random(link))
    fields = customer.filled()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(customer.send, [fields, fields]))
    answers += [customer.send(fields), customer.send(fields)]
    return {(answer.status, answer.location) for answer in answers} | {
        (answer.status, "unexpected") for answer in answers if answer.status >= 400
    }


def _without_key() -> Outcome:
    """The control: every repeat carries a new key and its link is not looked up, as if nothing were unique."""
    with site() as here:
        before, _ = map(int, here.run(COUNT).split())
        links = here.links(10)
        here.run(UNGUARDED.format(links=links))
        after, _ = map(int, here.run(COUNT).split())
    return Outcome(
        after - before == len(links), f"{len(links)} sheets: {after - before} records without the constraint"
    )


UNGUARDED = """
import uuid
from datetime import date
from django.db import connection
from django.utils import timezone
from manyi.flow.dispatch.links import read_token
from manyi.flow.dispatch.queries import list_asks_by_key
from manyi.flow.responses.models import Sheet
keys = [read_token(link) for link in {links!r}]
asks = list_asks_by_key(keys)
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE unguarded AS SELECT * FROM responses_sheet")
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute("DROP TABLE responses_sheet")
    cursor.execute("ALTER TABLE unguarded RENAME TO responses_sheet")
for n, ask in enumerate([*asks.values()] * 2):
    Sheet(pk=10**9 + n, wave=ask.wave, unit_id=ask.unit_id, ask=ask, number=ask.number, customer_id=ask.customer_id,
          product_id=ask.product_id, returned_on=date(2026, 12, 9), recorded_at=timezone.now(), source='link').save(force_insert=True)
"""

BAR = Bar("B3", "a sheet sent again is one sheet with one receipt", "unique indexes dropped", run, both=True)
