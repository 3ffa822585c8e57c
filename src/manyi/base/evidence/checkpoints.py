"""How far the chain went, written outside the database: a chain alone does not show that its end was cut off."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

NAME = "chain.jsonl"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain's last link at some time."""

    seq: int
    hash: str


def write_checkpoint(seq: int, hash_: str) -> None:
    """Append a checkpoint; lines are only ever added."""
    folder = Path(settings.MANYI_CHECKPOINTS)
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"seq": seq, "hash": hash_}) + "\n"
    handle = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.write(handle, line.encode("ascii"))
    finally:
        os.close(handle)


def read_checkpoints() -> list[Checkpoint]:
    """All checkpoints; a line that was cut in the middle is left out."""
    file = Path(settings.MANYI_CHECKPOINTS) / NAME
    if not file.exists():
        return []
    found = []
    for line in file.read_text(encoding="ascii").splitlines():
        try:
            said = json.loads(line)
            found.append(Checkpoint(int(said["seq"]), str(said["hash"])))
        except (ValueError, KeyError, TypeError):
            continue
    return found
