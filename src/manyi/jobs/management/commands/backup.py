"""``manyi backup FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from manyi.core.errors import Faults
from manyi.jobs.archive import write_backup


class Command(BaseCommand):
    """Writes rows, files, keys and checkpoints into one archive while work goes on."""

    help = "write a consistent backup of the data directory"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Run."""
        try:
            manifest = write_backup(file, at=timezone.now())  # noqa: TID251 — commands read the clock
        except Faults as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"{file}: {len(manifest['tables'])} tables, {len(manifest['files'])} files")
