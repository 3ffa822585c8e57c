"""``manyi jobs``: the clock, once or in a loop."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from manyi.jobs.clock import run_due

EVERY = 1.0


class Command(BaseCommand):
    """Seals evidence, takes files in, makes reports, sends mails: what is due."""

    help = "the clock: seals evidence, takes files in, makes reports, sends mails"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--once`` and ``--as-of``."""
        parser.add_argument("--once", action="store_true", help="do what is due now and end")
        parser.add_argument("--as-of", metavar="TIME", help="take this ISO time for now (implies --once)")

    def handle(self, *args: Any, once: bool = False, as_of: str | None = None, **options: Any) -> None:
        """Run."""
        if once or as_of:
            done = run_due(at=_instant(as_of) if as_of else timezone.now())  # noqa: TID251 — jobs read the clock
            self.stdout.write(" ".join(f"{name}={n}" for name, n in done.items()))
            return
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: stopping.append(number))
        while not stopping:
            close_old_connections()
            done = run_due(at=timezone.now())  # noqa: TID251
            if not done["intakes"]:
                time.sleep(EVERY)


def _instant(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no ISO time, such as 2026-12-05T09:00") from None
    return value if value.tzinfo else timezone.make_aware(value)
