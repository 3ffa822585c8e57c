"""What a person fills in, checked against the form and written where it belongs: values, rows, files, columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from manyi.base.files.operations import store_file
from manyi.base.people.models import Person
from manyi.core.errors import Fault
from manyi.core.flows import FieldRule, FlowRule
from manyi.core.text import Text
from manyi.flow.records.fields import kind_of, read_field
from manyi.flow.records.models import Attachment, Record, Row, Taken
from manyi.flow.records.pictures import SUFFIXES, picture_type
from manyi.flow.records.queries import names_for
from manyi.flow.records.room import Room, Wrong
from manyi.flow.records.slots import fill_slots

MOST_FILE, MOST_FILES = 25 * 1024**2, 20
ALLOWED = frozenset(
    {
        ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".txt", ".csv", ".png", ".jpg", ".jpeg", ".gif",
        ".webp", ".heic", ".eml", ".msg", ".zip", ".mp3", ".m4a", ".mp4",
    }
)  # fmt: skip
PROOF = "proof_"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in."""

    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Filling:
    """What a person brings to a step: values by field, files by field (or ``proof_<kind>``), outcome, signature, where
    each proof is found, a note, and when it happened (``None``: now). ``seen`` is how many acts the record had when the
    form was shown (``None``: not said)."""

    data: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)
    outcome: str = ""
    signed: bool = False
    proofs: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    happened_at: datetime | None = None
    seen: int | None = None


def read_values(fields: Sequence[FieldRule], said: Mapping[str, Any], room: Room) -> tuple[dict[str, Any], list[Fault]]:
    """What is kept of what was said, and what is wrong with it. A field the form does not have is refused."""
    known = {one.key: one for one in fields if not kind_of(one).is_files}
    kept: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, raw in said.items():
        if key not in known:
            faults.append(fault("unknown_field", key, Text(f"表上没有“{key}”", f"The form has no field “{key}”")))
            continue
        try:
            kept[key] = read_field(known[key], raw, room)
        except Wrong as wrong:
            faults.append(fault("not_a_value", key, wrong.text))
    return kept, faults


def check_files(fields: Sequence[FieldRule], files: Mapping[str, Sequence[Upload]]) -> list[Fault]:
    """What is wrong with files: empty, too large, of a kind that is not taken, no picture where one is asked for."""
    photos = {one.key for one in fields if one.kind == "photo"}
    faults = []
    for key, uploads in files.items():
        if len(uploads) > MOST_FILES:
            faults.append(
                fault("too_many_files", key, Text(f"一次最多 {MOST_FILES} 个文件", f"At most {MOST_FILES} files"))
            )
        for upload in uploads:
            if told := wrong_file(upload, picture=key in photos):
                faults.append(fault("bad_file", key, told))
    return faults


def check_money(flow: FlowRule, data: Mapping[str, Any]) -> list[Fault]:
    """All amounts of a record are in one currency: a record is counted as a whole."""
    amounts = [(one.key, data[one.key]["currency"]) for one in flow.fields if one.kind == "money" and data.get(one.key)]
    currencies = {currency for _, currency in amounts}
    if len(currencies) < 2:
        return []
    several = ", ".join(sorted(currencies))
    told = Text(f"一份记录只用一种币种，现有 {several}", f"A record is in one currency; here are {several}")
    return [fault("two_currencies", amounts[-1][0], told, Text("折算为同一币种", "Convert to one of them"))]


def fault(code: str, column: str, message: Text, hint: Text | None = None) -> Fault:
    """A fault of one field."""
    return Fault(code, message, hint or Text("更正后重试", "Correct it and try again"), column=column)


def store_values(record: Record, flow: FlowRule, kept: Mapping[str, Any], by: Person | None, at: datetime) -> None:
    """Write values and rows, and copy the columns of the register; a log grows by one entry."""
    for key, value in kept.items():
        one = flow.field(key)
        if one is None:
            continue
        if kind_of(one).is_rows:
            store_rows(record, key, value or [])
        elif one.kind == "log":
            if value:
                entry = {"text": value, "at": at.isoformat(), "by": by.name if by else ""}
                store_rows(record, key, [entry], replace=False)
        elif value is None:
            record.data.pop(key, None)
        else:
            record.data[key] = value
    fill_slots(record, flow, names_for(flow.fields, [record.data]))


def store_rows(record: Record, field: str, rows: Sequence[Mapping[str, Any]], *, replace: bool = True) -> list[Row]:
    """Write the rows of a field: known keys are changed, new rows added, and with ``replace`` missing ones removed."""
    known = {row.key: row for row in record.rows.filter(field=field)}
    following = max(known, default=0)
    kept: list[Row] = []
    for said in rows:
        data = {key: value for key, value in said.items() if key != "key"}
        row = known.get(int(said.get("key") or 0))
        if row is None or row.removed:
            following += 1
            row = Row(record=record, field=field, key=following)
        row.data = data
        row.save()
        kept.append(row)
    if replace:
        gone = [row for row in known.values() if not row.removed and row.key not in {one.key for one in kept}]
        for row in gone:
            row.removed = "重新填写时删去 / left out when filled in again"
            row.save(update_fields=("removed",))
    return kept


def store_files(
    record: Record, act: Taken, files: Mapping[str, Sequence[Upload]], by: Person | None, at: datetime
) -> list[Attachment]:
    """Keep the files with the act that brought them; a file field says which they are."""
    found: list[Attachment] = []
    for key, uploads in files.items():
        added = [
            Attachment.objects.create(
                record=record, act=act, field=key, by=by, file=store_file(title=u.title, content=u.content, at=at)
            )
            for u in uploads
        ]
        if added and not key.startswith(PROOF):
            record.data[key] = [*record.data.get(key, []), *(one.pk for one in added)]
        found += added
    return found


def store_arrived(record: Record, files: Sequence[Upload], at: datetime) -> None:
    """Keep files that came from outside with the record."""
    for one in files:
        Attachment.objects.create(record=record, file=store_file(title=one.title, content=one.content, at=at))


def wrong_file(upload: Upload, *, picture: bool) -> Text | None:
    """Why a file is not taken: empty, too large, of a wrong type; ``None`` for one that is."""
    suffix = PurePath(upload.title.replace("\\", "/")).suffix.lower()
    if not upload.content:
        return Text(f"文件“{upload.title[:60]}”是空的（0 字节）", f"The file “{upload.title[:60]}” is empty (0 bytes)")
    if len(upload.content) > MOST_FILE:
        most = MOST_FILE // 1024**2
        return Text(f"文件超过 {most} MB", f"The file is larger than {most} MB")
    if suffix not in ALLOWED:
        return Text(
            f"不接收“{suffix or '无扩展名'}”类型的文件", f"Files of the type “{suffix or 'none'}” are not taken"
        )
    if picture and suffix not in SUFFIXES:
        return Text("这里应为照片（png、jpg）", "A photo is asked for here (png, jpg)")
    if suffix in SUFFIXES and not picture_type(upload.content):
        title = upload.title[:60]
        return Text(f"“{title}”的内容不是照片", f"“{title}” is no picture, whatever its name says")
    return None
