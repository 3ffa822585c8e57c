"""B44: a backup taken under load and restored elsewhere holds exactly what stood at its moment."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from bars.bar import Bar, Outcome
from bars.respondent import Customer
from bars.site import Site, running, site

DIGEST = "from manyi.jobs.archive import content_digest; print(content_digest())"
NUMBERS = (
    "from manyi.flow.responses.models import Sheet\n"
    "print(*Sheet.objects.filter(wave__state='open').values_list('number', flat=True))"
)


def run(full: bool, fault: bool) -> Outcome:
    rounds = 20 if full else 2
    told = []
    for n in range(1 if fault else rounds):
        held, figures = _copied() if fault else _round(n)
        told.append(figures)
        if not held:
            return Outcome(False, figures)
    return Outcome(True, f"{len(told)} rounds; {told[-1]}")


def _round(n: int) -> tuple[bool, str]:
    with site() as here:
        before, after = here.links(160)[:40], here.links(160)[40:80]
        acked = _sheets(here, before, n)
        load = threading.Thread(target=_sheets, args=(here, after, n))
        load.start()
        file = here.data.parent / "backup.tar.gz"
        made = here.manyi("backup", str(file))
        load.join()
        other = here.another("other")
        restored = other.manyi("restore", str(file))
        if made.returncode or restored.returncode:
            return False, made.stderr + restored.stderr
        numbers = set(other.run(NUMBERS).split())
        again = here.data.parent / "again.tar.gz"
        other.manyi("backup", str(again))
        third = here.another("third")
        third.manyi("restore", str(again))
        equal = other.run(DIGEST) == third.run(DIGEST)
        verified = other.manyi("verify")
        with running(other):
            pass
    lost = len(acked - numbers)
    held = lost == 0 and equal and verified.returncode == 0
    return (
        held,
        f"{len(acked)} acknowledged before, {lost} lost, digests equal: {equal}, verified: {verified.returncode == 0}",
    )


def _sheets(here: Site, links: list[str], n: int) -> set[str]:
    numbers = set()
    for link in links:
        customer = Customer(here.port, link, random.Random(f"{n}{link}"))
        answer = customer.send(customer.filled())
        if answer.status == 303:
            page = customer.get(answer.location)
            numbers |= {
                word for word in page.body.replace("<", " ").replace(">", " ").split() if word.startswith("2026-0")
            }
    return numbers


def _copied() -> tuple[bool, str]:
    """The control: the database file copied as it lies there, without its log."""
    with site() as here:
        acked = _sheets(here, here.links(30), 0)
        other = here.another("other")
        other.data.mkdir()
        (other.data / "manyi.sqlite3").write_bytes(Path(here.data / "manyi.sqlite3").read_bytes())
        numbers = set(other.run(NUMBERS).split())
        lost = len(acked - numbers)
    return lost == 0, f"{len(acked)} acknowledged, {lost} lost by copying the file"


BAR = Bar(
    "B44", "a backup under load restores to what stood then", "the live file copied without its log", run, both=True
)
