"""Cases that come from outside: by a public page, by mail. What somebody wrote is kept as it came, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.core.text import Text
from manyi.flow.records.models import Arrival, Entrance, Record
from manyi.flow.records.operations.acting import record_act
from manyi.flow.records.operations.opening import open_record
from manyi.flow.records.queries import Kind
from manyi.flow.records.storing import Upload, store_arrived, wrong_file

MOST_TEXT, MOST_FILES = 5000, 5
MOST_AT_ONCE, WINDOW = 30, timedelta(minutes=10)
BY_PAGE, BY_MAIL = ("online", "web", "website", "wechat"), ("email", "mail")
TOO_MANY = Text("此刻提交过多，请过几分钟再试", "Too much comes in just now; please try again in a few minutes")


class CannotArrive(CannotDo):
    """What came in cannot be taken as it is."""


class Busy(CannotDo):
    """More comes in than people would write."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What somebody outside wrote: his name and how he is reached may be empty."""

    text: str
    name: str = ""
    reached_at: str = ""
    files: Sequence[Upload] = ()


def open_entrance(*, by: Person, at: datetime, kind: Kind, unit: Unit) -> Entrance:
    """Open a public page for a kind of case in a unit; the one that is open already is given back."""
    require(by, f"{kind.flow.kind}.open", unit)
    if not takes_arrivals(kind):
        raise CannotArrive(Text("这种记录不接收外来信息", "This kind of record is not one that comes from outside"))
    open_now = Entrance.objects.filter(document=kind.document, kind=kind.flow.kind, unit=unit, closed_at=None).first()
    if open_now is not None:
        return open_now
    with transaction.atomic():
        entrance = Entrance.objects.create(
            document=kind.document, kind=kind.flow.kind, unit=unit, opened_by=by, opened_at=at
        )
        _told("records.entrance.opened", entrance, by, at)
    return entrance


def close_entrance(*, by: Person, at: datetime, entrance: Entrance) -> None:
    """Close a public page; what came by it stays."""
    require(by, f"{entrance.kind}.open", entrance.unit)
    with transaction.atomic():
        if Entrance.objects.filter(pk=entrance.pk, closed_at=None).update(closed_at=at):
            _told("records.entrance.closed", entrance, by, at)


def takes_arrivals(kind: Kind) -> bool:
    """Whether cases of a kind may be brought from outside: those that have a way to come in, and no report."""
    return bool(kind.flow.channels) and kind.flow.page == "case" and not kind.flow.is_report


def bring_in(*, at: datetime, kind: Kind, entrance: Entrance, key: UUID, arrived: Arrived) -> Arrival:
    """A case brought by a public page; the same form sent again is the same case."""
    known = Arrival.objects.filter(key=key).first()
    if known is not None:
        return known
    if entrance.closed_at is not None:
        raise CannotArrive(Text("该页面已停用", "This page is closed"))
    if entrance.arrivals.filter(at__gt=at - WINDOW).count() >= MOST_AT_ONCE:
        raise Busy(TOO_MANY)
    return take_in(
        at=at, kind=kind, unit=entrance.unit, arrived=arrived, key=key, entrance=entrance, source=f"page:{key}",
        ways=BY_PAGE,
    )  # fmt: skip


def take_in(
    *,
    at: datetime,
    kind: Kind,
    unit: Unit,
    arrived: Arrived,
    ways: Sequence[str],
    source: str,
    key: UUID | None = None,
    entrance: Entrance | None = None,
    message: str | None = None,
    happened_at: datetime | None = None,
) -> Arrival:
    """Open a record for what arrived, with what was written and its files, in one transaction."""
    checked = _checked(arrived)
    channels = [channel for channel, _ in kind.flow.channels]
    channel = next((way for way in ways if way in channels), "")
    try:
        with transaction.atomic():
            record = open_record(
                by=None, at=at, kind=kind, unit=unit, source=source, channel=channel, happened_at=happened_at
            )
            return _keep(record, checked, at, key=key or uuid4(), entrance=entrance, message=message)
    except IntegrityError:
        known = (
            Arrival.objects.filter(key=key or uuid4()).first() or Arrival.objects.filter(message=message or "-").first()
        )
        if known is not None:
            return known
        raise


def add_to(*, at: datetime, record: Record, arrived: Arrived, message: str | None = None) -> Arrival:
    """What was written once more about a record that is there: it stands beside the first."""
    checked = _checked(arrived)
    with transaction.atomic():
        return _keep(record, checked, at, key=uuid4(), message=message)


def _checked(arrived: Arrived) -> Arrived:
    text = arrived.text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise CannotArrive(Text("请写明情况", "Please write what happened"))
    if len(text) > MOST_TEXT:
        raise CannotArrive(Text(f"内容超过 {MOST_TEXT} 字", f"The text is longer than {MOST_TEXT} characters"))
    if len(arrived.files) > MOST_FILES:
        raise CannotArrive(Text(f"文件超过 {MOST_FILES} 个", f"There are more than {MOST_FILES} files"))
    for upload in arrived.files:
        if told := wrong_file(upload, picture=False):
            raise CannotArrive(told)
    name, reached = (" ".join(said.replace("\x00", "").split()) for said in (arrived.name, arrived.reached_at))
    return Arrived(text, name[:100], reached[:200], arrived.files)


def _keep(
    record: Record,
    arrived: Arrived,
    at: datetime,
    *,
    key: UUID,
    entrance: Entrance | None = None,
    message: str | None = None,
) -> Arrival:
    arrival = Arrival.objects.create(
        key=key, record=record, entrance=entrance, message=message, name=arrived.name, reached_at=arrived.reached_at,
        text=arrived.text, at=at,
    )  # fmt: skip
    store_arrived(record, arrived.files, at)
    record_act(
        "records.arrival.taken_in", record, None, at, facts={"arrival": arrival.pk, "files": len(arrived.files)},
        values={"text": arrived.text, "name": arrived.name, "reached_at": arrived.reached_at},
    )  # fmt: skip
    return arrival


def _told(kind: str, entrance: Entrance, by: Person, at: datetime) -> None:
    record_event(
        kind=kind, subject=f"records.entrance:{entrance.pk}", unit=entrance.unit, by=by, at=at,
        facts={"kind": entrance.kind},
    )  # fmt: skip
