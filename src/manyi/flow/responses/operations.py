"""Sheets are written here and nowhere else: by link, by staff, from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.customers.models import Customer, Product
from manyi.base.evidence.chain import digest_of
from manyi.base.evidence.operations import NewEvent, record_event, record_events
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.errors import Fault, Faults
from manyi.core.forms import Questionnaire
from manyi.core.text import Text
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.operations import mark_returned
from manyi.flow.dispatch.queries import list_asks, list_asks_by_key
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step
from manyi.flow.plan.queries import get_rules, subject_of
from manyi.flow.responses.models import Sheet

MOST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class Submission:
    """A filled form on its way in: the ledger row of its link, the form's random key, answers by item key."""

    ask: UUID
    submission: UUID
    answers: Mapping[str, str]
    comment: str
    returned_on: date
    at: datetime
    source: str = Sheet.Source.LINK
    entered_by: Person | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a customer gets back. ``repeated``: the same form came before; ``earlier``: another one had."""

    number: str
    returned_on: date
    repeated: bool = False
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet on paper, from a visit or a file; without ``number`` it gets the one of its ledger row, or the next."""

    customer: Customer
    product: Product | None
    answers: Mapping[str, str]
    returned_on: date
    comment: str = ""
    number: str = ""
    submission: UUID = field(default_factory=uuid4)


class CannotRecord(CannotDo):
    """The sheet cannot be taken into the wave."""


class CannotSubmit(Exception):
    """The sheet cannot be taken; the message is for the person who sent it."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.in_("en"))


UNKNOWN_LINK = Text("这个链接无效或已停用", "This link is not valid or is no longer in use")


def check_answers(form: Questionnaire, answers: Mapping[str, str], comment: str = "") -> dict[str, str]:
    """``answers`` with blanks dropped; raises ``Faults`` for an unknown item or grade, or too long a comment."""
    faults = []
    known = set(form.scale.answers.values())
    for item, grade in answers.items():
        if item not in form.item_keys or (grade and grade not in known):
            message = Text(f"{item} 的回答“{grade}”不是可选等级", f"“{grade}” is no grade for {item}")
            hint = Text("请从列出的等级中选择，或留空", "Choose one of the grades shown, or leave it empty")
            faults.append(Fault("not_a_grade", message, hint, column=item))
    if len(comment) > MOST_COMMENT:
        message = Text(f"意见超过 {MOST_COMMENT} 字", f"The comment is longer than {MOST_COMMENT} characters")
        faults.append(Fault("too_long", message, Text("请缩短", "Please shorten it"), column="comment"))
    if faults:
        raise Faults(faults)
    return {item: grade for item, grade in answers.items() if grade}


def submit_sheet(submission: Submission) -> Receipt:
    """The batch of one."""
    [receipt] = submit_sheets([submission])
    if isinstance(receipt, CannotSubmit):
        raise receipt
    return receipt


def submit_sheets(batch: Sequence[Submission]) -> list[Receipt | CannotSubmit]:
    """Write a batch in one transaction: sheets, ledger rows and events with one statement a table.

    Each submission is answered in its place: with a receipt, the same receipt again for a repeat, the receipt of the
    sheet that came first where its customer had answered already, or a refusal.
    """
    with transaction.atomic():
        stored = _stored(batch)
        asks = list_asks_by_key([s.ask for s in batch])
        fresh: dict[UUID, Sheet] = {}
        for s in batch:
            ask = asks.get(s.ask)
            if ask is None or not ask.takes_sheets or s.ask in stored or s.ask in fresh or s.submission in stored:
                continue
            fresh[s.ask] = Sheet(
                submission=s.submission, wave_id=ask.wave_id, unit_id=ask.unit_id, ask=ask, number=ask.number,
                customer_id=ask.customer_id, product_id=ask.product_id, answers=dict(s.answers), comment=s.comment,
                returned_on=s.returned_on, recorded_at=s.at, source=s.source, entered_by=s.entered_by,
            )  # fmt: skip
        _write(fresh.values())
    return [_answer(s, asks.get(s.ask) is not None, stored, fresh) for s in batch]


def enter_sheet(*, by: Person, at: datetime, wave: Wave, sheet: NewSheet) -> Sheet:
    """Enter a sheet that came on paper or from a visit; ``returned_on`` is the claim of who enters it."""
    require(by, "responses.enter", wave.unit)
    if sheet.returned_on > timezone.localdate(at):
        raise CannotRecord(Text("收回日期不能在今天之后", "A sheet cannot have come back after today"))
    answers = check_answers(get_rules(wave).questionnaire, sheet.answers, sheet.comment)
    if not answers and not sheet.comment:
        raise CannotRecord(Text("这份表没有任何回答", "This sheet holds no answer"))
    [written] = _record(by=by, at=at, wave=wave, rows=[sheet], source=Sheet.Source.ENTRY)
    return written


def import_sheets(*, by: Person, at: datetime, wave: Wave, rows: Sequence[NewSheet], digest: str) -> list[Sheet]:
    """Take a batch of checked rows of a file in; ``digest`` names the file."""
    require(by, "responses.import", wave.unit)
    with transaction.atomic():
        written = _record(by=by, at=at, wave=wave, rows=rows, source=Sheet.Source.FILE)
        record_event(
            kind="responses.sheets.imported", subject=subject_of(wave), unit=wave.unit, by=by, at=at,
            period=str(wave.year), facts={"rows": len(written)}, digest=digest,
        )  # fmt: skip
    return written


def finish_collecting(*, by: Person, at: datetime, wave: Wave) -> None:
    """Declare the collecting finished: its duty is discharged, the next one opens. Late sheets may still come in."""
    require(by, "responses.finish", wave.unit)
    returned = wave.sheets.count()
    if not returned:
        raise CannotRecord(Text("还没有收回调查表", "No sheet has come back yet"))
    with transaction.atomic():
        event = record_event(
            kind="responses.wave.collected", subject=subject_of(wave), unit=wave.unit, by=by, at=at,
            period=str(wave.year), facts={"asked": wave.asks.count(), "returned": returned},
        )  # fmt: skip
        finish_step(by=by, at=at, wave=wave, step="collect", evidence=event, happened_at=at)


def _record(*, by: Person, at: datetime, wave: Wave, rows: Sequence[NewSheet], source: str) -> list[Sheet]:
    """Write sheets that staff bring; each joins the ledger row of its customer and product where there is one."""
    if wave.state == Wave.State.CLOSED:
        raise CannotRecord(Text("该次调查已结束", "This wave is closed"))
    try:
        with transaction.atomic():
            return _write(_sheets(by, at, wave, rows, source))
    except IntegrityError:
        raise CannotRecord(
            Text(
                "该客户（及产品）的调查表或该表号已经在册",
                "A sheet of this customer and product, or with this number, is on record",
            )
        ) from None


def _sheets(by: Person, at: datetime, wave: Wave, rows: Sequence[NewSheet], source: str) -> Iterator[Sheet]:
    several = get_rules(wave).questionnaire.respondents_several
    free, following = _free_asks(wave, rows), _next_number(wave)
    for row in rows:
        ask = free.pop((row.customer.pk, row.product.pk if row.product else None), None)
        number = row.number or (ask.number if ask else f"{wave.year}-X{following:04}")
        following += not row.number and ask is None
        yield Sheet(
            submission=row.submission, wave=wave, unit_id=row.customer.unit_id, ask=ask, number=number,
            customer=row.customer, product=row.product, answers=dict(row.answers), comment=row.comment,
            repeat=row.submission.int >> 65 if several else 0, returned_on=row.returned_on, recorded_at=at,
            source=source, entered_by=by,
        )  # fmt: skip


def _free_asks(wave: Wave, rows: Sequence[NewSheet]) -> dict[tuple[int, int | None], Ask]:
    asks = list_asks(wave).filter(customer__in={row.customer.pk for row in rows}, sheet=None)
    return {(ask.customer_id, ask.product_id): ask for ask in asks}


def _next_number(wave: Wave) -> int:
    """Sheets outside the ledger are numbered on their own."""
    return wave.sheets.filter(number__startswith=f"{wave.year}-X").count() + 1


def _write(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Sheets, ledger and evidence, inside the caller's transaction."""
    written = list(Sheet.objects.bulk_create(sheets))
    mark_returned([sheet.ask_id for sheet in written if sheet.ask_id])
    record_events(_events(written))
    return written


def _stored(batch: Sequence[Submission]) -> dict[UUID, Sheet]:
    """Sheets that are there already, by ledger key and by submission key."""
    found: dict[UUID, Sheet] = {}
    sheets = Sheet.objects.select_related("ask")
    for sheet in sheets.filter(submission__in=[s.submission for s in batch]):
        found[sheet.submission] = sheet
    for sheet in sheets.filter(ask__key__in=[s.ask for s in batch]):
        if sheet.ask:
            found[sheet.ask.key] = sheet
    return found


def _answer(
    s: Submission, known: bool, stored: Mapping[UUID, Sheet], fresh: Mapping[UUID, Sheet]
) -> Receipt | CannotSubmit:
    sheet = stored.get(s.submission) or stored.get(s.ask) or fresh.get(s.ask)
    if sheet is None or not known:
        return CannotSubmit(UNKNOWN_LINK)
    same = sheet.submission == s.submission
    was_there = s.submission in stored or s.ask in stored
    return Receipt(sheet.number, sheet.returned_on, repeated=same and was_there, earlier=not same)


def _events(sheets: Iterable[Sheet]) -> list[NewEvent]:
    return [
        NewEvent(
            kind="responses.sheet.returned",
            subject=f"responses.sheet:{sheet.number}",
            unit_id=sheet.unit_id,
            by=sheet.entered_by,
            at=sheet.recorded_at,
            happened_at=_happened(sheet),
            facts={"wave": sheet.wave_id, "source": sheet.source, "written": bool(sheet.comment)},
            digest=digest_of_sheet(sheet),
        )
        for sheet in sheets
    ]


def _happened(sheet: Sheet) -> datetime:
    """By link the sheet comes when it is recorded; else it came on the day its bearer names."""
    if sheet.source == Sheet.Source.LINK:
        return sheet.recorded_at
    return min(timezone.make_aware(datetime.combine(sheet.returned_on, time.min)), sheet.recorded_at)


def digest_of_sheet(sheet: Sheet) -> str:
    """SHA-256 over the sheet's content in canonical JSON; what the evidence holds of it."""
    content = {
        "number": sheet.number, "customer": sheet.customer_id, "product": sheet.product_id,
        "answers": sheet.answers, "comment": sheet.comment, "returned_on": sheet.returned_on.isoformat(),
    }  # fmt: skip
    return digest_of(content)
