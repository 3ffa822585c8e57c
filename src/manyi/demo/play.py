"""The demo company's years, played through the operations real work goes through, with a simulated clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from manyi.base.calendars.operations import fill_calendars
from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales
from manyi.base.evidence.operations import seal_events, simulation
from manyi.base.people.models import Person, Unit
from manyi.base.people.operations import add_person, add_unit, assign_role, found_company
from manyi.core.forms import Questionnaire
from manyi.demo import company
from manyi.demo.answering import answer_remarks
from manyi.flow.dispatch.operations import finish_sending, send_wave
from manyi.flow.dispatch.queries import list_asks
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import close_wave, open_wave, report_step, set_yardstick
from manyi.flow.plan.queries import get_rules
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.reports.filing import file_report
from manyi.flow.reports.making import make_due_reports
from manyi.flow.reports.models import Report
from manyi.flow.reports.operations import approve_report, request_report, submit_report
from manyi.flow.responses.operations import Submission, finish_collecting, submit_sheets
from manyi.flow.sample.operations import draw_frame
from manyi.flow.sample.queries import list_candidates
from manyi.flow.scores.models import Result
from manyi.flow.scores.operations import compute_scores
from manyi.library import PROCEDURES

PASSWORD = "manyi-demo-2026"  # noqa: S105 — a demo's, printed where it is used
PROGRAMME = "annual_survey"
TARGET = Decimal(80)
BATCH = 100


@dataclass(frozen=True)
class Players:
    """The people of the demo by sign-in name, and its units by key."""

    people: dict[str, Person]
    units: dict[str, Unit]


def play(*, now: datetime) -> Players:
    """Fill an empty installation: company, register, procedure, two finished waves, and one that is open now."""
    with simulation():
        players = _found(_at(2024, 10, 8))
        _register(players, _at(2024, 10, 9))
        revision = _procedure(players)
        for year in company.YEARS[:2]:
            _finished_wave(players, revision, year)
        _open_wave(players, revision, company.YEARS[2], now)
    seal_events()
    return players


def _at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(date(year, month, day), time(hour)))


def _found(at: datetime) -> Players:
    first, *others = company.PEOPLE
    admin = found_company(name=company.UNITS[0][2], administrator=first[0], password=PASSWORD, at=at)
    fill_calendars(by=admin, at=at, unit=admin.unit)
    units = {company.UNITS[0][0]: admin.unit}
    for key, parent, name, kind in company.UNITS[1:]:
        units[key] = add_unit(by=admin, at=at, key=key, name=name, kind=kind, parent=units[parent])
    people = {first[0]: admin}
    for username, name, unit, roles in others:
        person = add_person(by=admin, at=at, username=username, name=name, unit=units[unit], password=PASSWORD)
        for role, where in roles:
            assign_role(by=admin, at=at, person=person, role=role, unit=units[where], from_on=date(2024, 1, 1))
        people[username] = person
    return Players(people, units)


def _register(players: Players, at: datetime) -> None:
    rows = [
        NewCustomer(c.code, c.name, unit=c.unit, country=c.country, contact=c.contact, email=c.email)
        for c in company.customers()
    ]
    root, by = players.units["company"], players.people["admin"]
    register_customers(by=by, at=at, unit=root, rows=rows)
    for year in company.YEARS:
        sales = [NewSale(s.customer, s.product, s.year, Decimal(s.amount)) for s in company.sales() if s.year == year]
        register_sales(by=by, at=max(at, _at(year, 11, 2)), unit=root, rows=sales)


def _procedure(players: Players) -> Revision:
    text = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8")
    root = players.units["company"]
    drafted = import_procedure(by=players.people["admin"], at=_at(2024, 10, 14), text=text, unit=root)
    reviewed = review_revision(by=players.people["wang"], at=_at(2024, 10, 18), revision=drafted)
    approved = approve_revision(by=players.people["wang"], at=_at(2024, 10, 21), revision=reviewed)
    return put_in_force(
        by=players.people["admin"], at=_at(2024, 10, 22), revision=approved, from_date=date(2024, 11, 1)
    )


def _finished_wave(players: Players, revision: Revision, year: int) -> Wave:
    """A wave from its opening to its result; January brings the last sheets."""
    zhao, li = players.people["zhao"], players.people["li"]
    wave = _opened(players, revision, year, _at(year, 12, 1))
    sent_on = _at(year, 12, 3)
    pairs = [pair for n, pair in enumerate(list_candidates(wave, get_rules(wave))) if n % 9 != year % 9]
    send_wave(by=zhao, at=sent_on, wave=wave, pairs=pairs, channel="mail", sent_on=sent_on.date())
    finish_sending(by=zhao, at=_at(year, 12, 4), wave=wave)
    report_step(by=zhao, at=_at(year, 12, 6), wave=wave, step="report_dispatch", note=f"共发放 {len(pairs)} 份")
    _answer(wave, pairs, sent_on.date(), year, until=date(year + 1, 1, 20), answered_by=players.people["chen"])
    finish_collecting(by=zhao, at=_at(year + 1, 1, 20, hour=17), wave=wave)
    result, _ = compute_scores(by=li, at=_at(year + 1, 1, 21), wave=wave)
    report = _report(players, result, year + 1)
    closed = close_wave(by=zhao, at=_at(year + 1, 1, 22), wave=wave)
    file_report(by=li, at=_at(year + 1, 1, 29), report=report, place=f"品保部档案柜 {year} 年卷")
    return closed


def _report(players: Players, result: Result, year: int) -> Report:
    """The report made, signed as prepared, approved, and made once more with both names."""
    at = _at(year, 1, 21, hour=15)
    report = request_report(by=players.people["li"], at=at, result=result, language="zh")
    make_due_reports(at=at)
    report.refresh_from_db()
    submit_report(by=players.people["li"], at=_at(year, 1, 24), report=report)
    approve_report(by=players.people["wang"], at=_at(year, 1, 27), report=report)
    make_due_reports(at=_at(year, 1, 27))
    return report


def _open_wave(players: Players, revision: Revision, year: int, now: datetime) -> Wave:
    """This year's wave, sent ten days ago, with the sheets that are back by now."""
    opened = now - timedelta(days=12)
    wave = _opened(players, revision, year, opened)
    sent_at = now - timedelta(days=10)
    candidates = list_candidates(wave, get_rules(wave))
    pairs = [pair for n, pair in enumerate(candidates) if n % 7]
    sent_on = timezone.localdate(sent_at)
    send_wave(by=players.people["zhao"], at=sent_at, wave=wave, pairs=pairs, channel="mail", sent_on=sent_on)
    finish_sending(by=players.people["zhao"], at=sent_at + timedelta(hours=2), wave=wave)
    _answer(wave, pairs, sent_on, year, until=timezone.localdate(now))
    return wave


def _opened(players: Players, revision: Revision, year: int, at: datetime) -> Wave:
    wave = open_wave(
        by=players.people["li"], at=at, revision=revision, programme=PROGRAMME, unit=players.units["company"],
        year=year, frame_on=date(year, 12, 5),
    )  # fmt: skip
    set_yardstick(by=players.people["li"], at=at, wave=wave, kind="target", of="overall", score=TARGET)
    draw_frame(by=players.people["zhao"], at=at + timedelta(hours=2), wave=wave)
    return wave


def _answer(
    wave: Wave, pairs: list[tuple[str, str]], sent_on: date, year: int, until: date, answered_by: Person | None = None
) -> None:
    """The customers' sheets, as if each had come by its link; week by week what they wrote is answered."""
    form = get_rules(wave).questionnaire
    grades = tuple(grade.key for grade in form.scale.grades)
    asks = {(ask.customer.code, ask.product.name if ask.product else ""): ask for ask in list_asks(wave)}
    came = [s for s in company.answer(pairs, form.item_keys, grades, sent_on, year) if s.returned_on <= until]
    for week, sheets in groupby(
        sorted(came, key=lambda s: s.returned_on), key=lambda s: s.returned_on.toordinal() // 7
    ):
        came_in = list(sheets)
        for start in range(0, len(came_in), BATCH):
            batch = came_in[start : start + BATCH]
            submit_sheets([_submission(s, asks[s.customer, s.product].key, form) for s in batch])
        if answered_by is not None:
            friday = min(date.fromordinal(7 * week + 6), until)
            answer_remarks(by=answered_by, at=timezone.make_aware(datetime.combine(friday, time(16))))


def _submission(sheet: company.Sheet, ask: UUID, form: Questionnaire) -> Submission:
    answers = {item: grade for item, grade in sheet.answers.items() if grade}
    at = timezone.make_aware(datetime.combine(sheet.returned_on, time(10)))
    key = UUID(int=(ask.int ^ 0x5EED) & (2**128 - 1))
    return Submission(ask, key, answers, sheet.comment, sheet.returned_on, at)
