"""Finding stored bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from manyi.base.files.models import File


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
