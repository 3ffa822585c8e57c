"""Storing bytes."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from manyi.base.files.models import File, Intake, random_name
from manyi.base.files.queries import path_of

KINDS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".svg": "image/svg+xml",
}
OTHER = "application/octet-stream"
ORPHAN_AFTER = timedelta(hours=24)


def store_file(*, title: str, content: bytes, at: datetime) -> File:
    """Write the bytes to the disk, then the row; the caller's transaction decides whether the row stands."""
    file = File(
        title=Path(title.replace("\\", "/")).name[:200] or "file",
        kind=KINDS.get(Path(title).suffix.lower(), OTHER),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_at=at,
        name=random_name(),
    )
    path = path_of(file)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    file.save()
    return file


def erase_file(file: File) -> None:
    """Take a file away for good, inside the caller's transaction: its row now, its bytes when that is committed."""
    path = path_of(file)
    file.delete()
    transaction.on_commit(partial(path.unlink, missing_ok=True))


def request_intake(
    *, purpose: str, subject: str, unit: int, title: str, content: bytes, asked_by: int, at: datetime
) -> Intake:
    """Keep a file from outside and put it in the queue of the jobs."""
    with transaction.atomic():
        file = store_file(title=title, content=content, at=at)
        return Intake.objects.create(
            purpose=purpose, subject=subject, unit=unit, file=file, asked_by=asked_by, asked_at=at
        )


def stop_intake(intake: Intake) -> bool:
    """Ask a running intake to stop after the batch in hand; whether it was running."""
    running = (Intake.State.WAITING, Intake.State.RUNNING)
    return bool(Intake.objects.filter(pk=intake.pk, state__in=running).update(state=Intake.State.STOPPED))


def resume_intake(intake: Intake) -> bool:
    """Let a stopped intake go on where it was; whether it had been stopped."""
    return bool(
        Intake.objects.filter(pk=intake.pk, state=Intake.State.STOPPED).update(
            state=Intake.State.WAITING, lease_until=None
        )
    )


def sweep_orphans(*, at: datetime) -> int:
    """Delete bytes whose row never committed and that are a day old; how many."""
    root = Path(settings.MANYI_FILES)
    known = set(File.objects.values_list("name", flat=True))
    oldest = (at - ORPHAN_AFTER).timestamp()
    swept = 0
    for path in root.glob("*/*"):
        if path.name not in known and path.stat().st_mtime < oldest:
            path.unlink()
            swept += 1
    return swept
