"""Taking a file in: read and checked whole in a child process, then row by row in batches that count themselves."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from manyi.base.files.models import Intake
from manyi.base.files.operations import store_file
from manyi.base.files.queries import path_of
from manyi.core.errors import Fault
from manyi.core.text import Text

LOG = logging.getLogger(__name__)
BATCH = 200
"""Rows of one transaction: few enough that whoever else wants to write hardly waits."""
SECONDS = 110
RUNNING = (Intake.State.WAITING, Intake.State.RUNNING)
Row = list[Any]


class Overtaken(Exception):
    """The intake was stopped, or somebody else took this batch: what was done for it is rolled back."""


def read_whole(intake: Intake, *, job: Mapping[str, Any], at: datetime) -> bool:
    """Read and check the file in a process of its own; whether it can be taken. Otherwise it is refused with faults."""
    with TemporaryDirectory(prefix="manyi-intake-") as folder:
        rows = Path(folder) / "rows.jsonl"
        told = _read(intake, Path(folder), {**job, "rows": str(rows)})
        faults, content = told["faults"], rows.read_bytes() if rows.exists() else b""
    if faults:
        refuse_intake(intake, faults)
        return False
    with transaction.atomic():
        stored = store_file(title=f"intake-{intake.pk}.jsonl", content=content, at=at)
        _step(intake, rows=stored, total=told["rows"], state=Intake.State.RUNNING)
    return True


def next_rows(intake: Intake, most: int = BATCH) -> list[Row]:
    """The rows that come next, after those that are in."""
    if intake.rows is None:
        return []
    with path_of(intake.rows).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, intake.done, intake.done + most)]


def count_rows(intake: Intake, rows: int) -> bool:
    """Note in the batch's own transaction that its rows are in; whether more are to come."""
    done = intake.done + rows
    more = done < intake.total
    _step(intake, done=done, state=Intake.State.RUNNING if more else Intake.State.DONE)
    return more


def refuse_intake(intake: Intake, faults: Sequence[dict[str, Any]]) -> None:
    """Refuse what is left of a file, with the reasons."""
    Intake.objects.filter(pk=intake.pk, state__in=RUNNING).update(state=Intake.State.REFUSED, faults=list(faults))


def as_fault(message: Text, hint: Text) -> dict[str, Any]:
    """A reason that is about no single row."""
    words = {"message": [message.zh, message.en], "hint": [hint.zh, hint.en]}
    return {"code": "refused", "table": "", "row": None, "column": "", **words}


def list_faults(intake: Intake) -> list[Fault]:
    """Why a file was refused."""
    return [
        Fault(f["code"], Text(*f["message"]), Text(*f["hint"]), f["table"], f["row"], f["column"])
        for f in intake.faults
    ]


def _step(intake: Intake, **changed: Any) -> None:
    same = Intake.objects.filter(pk=intake.pk, done=intake.done, state__in=RUNNING)
    if intake.rows is None:
        same = same.filter(rows=None)
    if not same.update(**changed):
        raise Overtaken
    for name, value in changed.items():
        setattr(intake, name, value)


def _read(intake: Intake, folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """What the reader says of the file; a reader that dies says that the file cannot be read."""
    suffix = ".csv.gz" if intake.file.title.lower().endswith(".csv.gz") else Path(intake.file.title).suffix.lower()
    link = folder / f"upload{suffix}"
    link.symlink_to(path_of(intake.file).resolve())
    job_file = folder / "job.json"
    job_file.write_text(json.dumps({**job, "file": str(link)}, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "manyi.tables.register", str(job_file)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603 — our own module
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError) as error:
        LOG.error("the reader of intake %s failed: %s", intake.pk, (getattr(error, "stderr", b"") or b"")[-2000:])
        message = Text("文件无法读取，或读取时间过长", "The file cannot be read, or takes too long to read")
        hint = Text("请检查文件，必要时另存为 .xlsx 或 .csv", "Check the file; save it anew as .xlsx or .csv")
        return {"rows": 0, "faults": [as_fault(message, hint)]}
