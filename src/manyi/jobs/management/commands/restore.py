"""``manyi restore FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from manyi.core.errors import Faults
from manyi.jobs.archive import restore_backup


class Command(BaseCommand):
    """Takes a backup up into an empty data directory; a damaged one is refused before anything is written."""

    help = "restore a backup into an empty data directory"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from."""
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Run."""
        call_command("migrate", interactive=False, verbosity=0)
        try:
            manifest = restore_backup(file)
        except Faults as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"{file}: {manifest['at']}")
