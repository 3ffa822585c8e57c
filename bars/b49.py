"""B49: many writers number records of one kind while they are killed: no number twice, none missing, none lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

from bars.bar import Bar, Outcome
from bars.site import Site, site

WRITER = """
import sys, threading, time
from datetime import timedelta
from django.db import connection, transaction
from django.utils import timezone
from manyi.base.customers.models import Customer, Product
from manyi.base.people.models import Person, Unit
from manyi.flow.records.operations import CannotTake, open_record, opening
from manyi.flow.records.queries import get_kind
from manyi.flow.records.storing import Filling
zhao = Person.objects.select_related('unit').get(username='zhao')
root = Unit.objects.get(parent=None)
code, product = Customer.objects.first().code, str(Product.objects.first().pk)
if {fault}:
    inside, taken = opening.next_number, threading.local()
    opening.next_number = lambda **said: taken.number
until = time.monotonic() + {seconds}
def write(n):
    count = 0
    while time.monotonic() < until:
        at = timezone.now()
        kind = get_kind(zhao, 'quality_information', timezone.localdate(at))
        if {fault}:
            with transaction.atomic():
                taken.number = inside(scope=kind.document.key, template=kind.flow.number, known={{'year': str(at.year)}})
        # every third is refused after its number was taken: what is left out is the description
        said = {{'customer': code, 'product': product, 'kind': 'product_nonconformity', 'description': f'{{n}}'}}
        if (count + n) % 3 == 2:
            del said['description']
        try:
            record = open_record(by=zhao, at=at, kind=kind, unit=root, filling=Filling(data=said))
            print(record.number, flush=True)
        except CannotTake:
            pass
        count += 1
    connection.close()
threads = [threading.Thread(target=write, args=(n,)) for n in range({threads})]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
CHECK = """
import json
from manyi.flow.records.models import Record, Series
numbers = list(Record.objects.filter(kind='quality_information').order_by('pk').values_list('number', flat=True))
steps = Record.objects.filter(kind='quality_information', acts__what='taken').distinct().count()
taken = Series.objects.filter(scope__contains='P12-F-').first()
print(json.dumps([numbers, steps, taken.last if taken else 0]))
"""


def run(full: bool, fault: bool) -> Outcome:
    seconds, processes, threads = (60.0, 4, 8) if full else (6.0 if fault else 12.0, 4, 8)
    with site(served=False) as here:
        before, _, _ = json.loads(here.run(CHECK))
        told, errors = _write(here, seconds, processes, threads, fault)
        numbers, steps, last = json.loads(here.run(CHECK))
    counted = [int(number.rpartition("-")[2]) for number in numbers]
    whole = sorted(counted) == list(range(1, len(counted) + 1)) and last == len(counted)
    in_order = counted == sorted(counted)
    lost = set(told) - set(numbers)
    held = len(told) > 20 and whole and in_order and not lost and steps == len(numbers) and not errors
    return Outcome(
        held,
        f"{len(numbers) - len(before)} records by {processes * threads} writers, {processes} of them killed and begun again: "
        f"numbers {'whole' if whole else 'with gaps or twice'} and {'increasing' if in_order else 'out of order'}, "
        f"{len(lost)} acknowledged and lost, {len(numbers) - steps} half-written{', ' + errors if errors else ''}",
    )


def _write(here: Site, seconds: float, processes: int, threads: int, fault: bool) -> tuple[list[str], str]:
    """Start the writers, kill one after the other while they write, and let another go on in its place."""
    chance = random.Random(49)
    deadline = time.monotonic() + seconds
    running = [_start(here, seconds, threads, fault) for _ in range(processes)]
    done: list[subprocess.Popen[str]] = []
    while time.monotonic() < deadline:
        time.sleep(seconds / (processes + 1) * (0.5 + chance.random()))
        left = deadline - time.monotonic()
        if left > 2:
            victim = running.pop(0)
            os.kill(victim.pid, signal.SIGKILL)
            done.append(victim)
            running.append(_start(here, left, threads, fault))
    told: list[str] = []
    errors = ""
    for process in [*done, *running]:
        out, err = process.communicate(timeout=120)
        told += [line for line in out.splitlines() if line.startswith("P12-F-")]
        if process.returncode not in (0, -signal.SIGKILL):
            errors = err.strip().splitlines()[-1][:120]
    return told, errors


def _start(here: Site, seconds: float, threads: int, fault: bool) -> subprocess.Popen[str]:
    code = "import django; django.setup()\n" + WRITER.format(seconds=seconds, threads=threads, fault=fault)
    return subprocess.Popen(
        [sys.executable, "-c", code], env=here.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


BAR = Bar(
    "B49",
    "32 writers of numbered records, killed at random: every number once, in order, without a gap",
    "numbers taken outside the transaction",
    run,
    both=True,
)
