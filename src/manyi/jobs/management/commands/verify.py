"""``manyi verify``: is the evidence whole, and are the files those that were stored?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from manyi.base.evidence.queries import verify_chain
from manyi.base.files.queries import list_damaged_files


class Command(BaseCommand):
    """Checks the chain of evidence and the bytes of every file; exit 1 where something is wrong."""

    help = "check the evidence chain and the files"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        verdict = verify_chain(timezone.now())  # noqa: TID251 — commands read the clock
        damaged = list_damaged_files()
        self.stdout.write(
            f"已封存 {verdict.sealed} 条，未封存 {verdict.unsealed} 条 / "
            f"{verdict.sealed} sealed, {verdict.unsealed} not yet"
        )
        for file in damaged:
            self.stdout.write(f"文件损坏 / damaged file: {file.pk} {file.title}")
        if verdict.problem or damaged:
            problem = verdict.problem
            raise CommandError(f"{problem.zh} / {problem.en}" if problem else f"{len(damaged)} damaged")
        self.stdout.write("完好 / whole")
