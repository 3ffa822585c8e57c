"""B7b: what is acknowledged is on the disk: no receipt leaves before the commit of its sheet was synced."""

from __future__ import annotations

import random
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bars.bar import Bar, Outcome
from bars.respondent import Customer
from bars.site import running, site

PRAGMAS = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'):
        cursor.execute(f'PRAGMA {name}')
        print(cursor.fetchone()[0])
"""
CALL = re.compile(r"^(\d+) +([\d.]+) (?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)$")


def run(full: bool, fault: bool) -> Outcome:
    sheets = 1000 if full else 60
    with site("bars.faults.unsynced" if fault else "manyi.settings", served=False) as here:
        mode, synchronous, keys, timeout = here.run(PRAGMAS).split()
        good = mode == "wal" and synchronous == "2" and keys == "1" and int(timeout) >= 5000
        told = f"journal_mode={mode} synchronous={synchronous} foreign_keys={keys} busy_timeout={timeout}"
        if shutil.which("strace") is None:
            return Outcome(good, f"{told}; *** no strace: the order of sync and receipt was NOT looked at ***")
        trace = here.data.parent / "trace"
        calls = "trace=recvfrom,sendto,read,write,writev,sendmsg,fdatasync,fsync"
        with running(here, "strace", "-f", "-ttt", "-s", "48", "-e", calls, "-o", str(trace)):
            links = here.links(sheets)
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda link: _submit(here.port, link), links))
            time.sleep(0.5)
        receipts, early, synced = _early(trace)
    return Outcome(
        good and receipts >= len(links) and early == 0,
        f"{told}; {receipts} receipts, {early} before their sync, {synced} syncs",
    )


def _submit(port: int, link: str) -> None:
    customer = Customer(port, link, random.Random(link))
    customer.send(customer.filled())


def _early(trace: Path) -> tuple[int, int, int]:
    """Receipts written, those of them with no sync since their request came in, and syncs."""
    asked: dict[str, float] = {}
    reading: dict[str, str] = {}  # what a thread was reading from when it was interrupted
    syncs: list[float] = []
    receipts = early = 0
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        match = CALL.match(line)
        if match is None:
            continue
        at, call, rest = float(match[2]), match[3], match[4]
        if rest.endswith("<unfinished ...>"):
            reading[match[1]] = rest.split(",")[0]
        source = reading.pop(match[1], "") if " resumed>" in line else rest.split(",")[0]
        if call in ("fdatasync", "fsync") and "= 0" in rest:
            syncs.append(at)
        elif '"POST /s/' in rest:
            asked[source] = at
        elif '"HTTP/1.1 303' in rest:
            receipts += 1
            began = asked.get(rest.split(",")[0])
            early += began is None or not any(began < sync <= at for sync in syncs)
    return receipts, early, len(syncs)


BAR = Bar("B7b", "every receipt follows the sync of its commit", "synchronous=OFF", run)
