"""Finding stored bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from manyi.base.files.models import File, Intake


def path_of(file: File) -> Path:
    """Where the bytes of a file lie; the name is ours, never a client's."""
    return Path(settings.MANYI_FILES) / file.name[:2] / file.name


def read_file(file: File) -> bytes:
    """The bytes of a file."""
    return path_of(file).read_bytes()


def list_damaged_files() -> list[File]:
    """Files whose bytes are missing or are not those that were stored."""
    damaged = []
    for file in File.objects.iterator():
        path = path_of(file)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            damaged.append(file)
    return damaged


def list_waiting_intakes(at: datetime) -> list[Intake]:
    """Intakes that are due and that nobody is working on, oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    running = (Intake.State.WAITING, Intake.State.RUNNING)
    return list(Intake.objects.filter(free, state__in=running).select_related("file", "rows").order_by("pk"))


def get_intake(pk: int) -> Intake:
    """One intake, or ``Intake.DoesNotExist``; its own stage's view guards it."""
    return Intake.objects.select_related("file", "rows").get(pk=pk)


def list_intakes(*, purpose: str, subjects: Sequence[str] = ()) -> QuerySet[Intake]:
    """Files of one purpose (and subjects), newest first; the caller keeps to the units its reader sees."""
    rows = Intake.objects.filter(purpose=purpose).select_related("file").order_by("-pk")
    return rows.filter(subject__in=subjects) if subjects else rows
