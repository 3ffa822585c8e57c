"""B10: every route of the URLconf × every person × {own, foreign, missing} object answers as it declares.

The routes come from the URLconf itself, so that a new one without a declaration, or without an entry here that says what
its numbers mean, fails. What somebody may not see answers exactly as what is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.conftest import AT

from manyi.base.calendars.operations import make_calendar
from manyi.base.customers.models import Customer, Product
from manyi.base.files.models import Intake
from manyi.base.files.operations import request_intake, store_file
from manyi.base.notices.models import Robot
from manyi.base.people.access import verbs_of
from manyi.base.people.models import Person, Unit
from manyi.flow.dispatch.links import make_token
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import make_feed
from manyi.flow.duties.views.feed import SIGNER
from manyi.flow.plan.operations import set_yardstick
from manyi.flow.procedure.models import Document
from manyi.flow.records.entrances import PAGE, follow_token
from manyi.flow.records.models import Arrival, Entrance, Record
from manyi.flow.records.operations import open_record, remark
from manyi.flow.records.queries import get_kind
from manyi.flow.records.storing import Filling, Upload
from manyi.flow.reports.models import Report, ReportFile
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.operations import Submission, submit_sheet
from manyi.flow.scores.models import Chart
from manyi.flow.scores.operations import compute_scores
from manyi.web import access
from manyi.web.access import declared, routes
from manyi.web.links import make_token as make_link

pytestmark = pytest.mark.django_db

MISSING = 987_654
FINE = {200, 204, 302, 303, 400, 405, 409, 422}
WAVE_PAGES = "plan sample dispatch responses scores findings reports"
GATE = access._gate


class World:
    """One object of every kind a route may name, with the unit whose people see it."""

    def __init__(self, cast, p12, wave, sent) -> None:
        self.cast = cast
        ask = sent[0]
        submit_sheet(Submission(ask.key, uuid4(), {"main_indicators": "neutral"}, "太慢", AT.date(), AT))
        result, _ = compute_scores(by=cast.li, at=AT, wave=wave)
        file = store_file(title="report.pdf", content=b"%PDF", at=AT)
        report = Report.objects.create(
            result=result, unit=cast.company, language="zh", making="done", asked_at=AT, asked_by=cast.li
        )
        paper = ReportFile.objects.create(report=report, file=file)
        drawn = store_file(title="x.svg", content=b"<svg/>", at=AT)
        picture = Chart.objects.create(result=result, language="zh", name="items", file=drawn)
        intake = request_intake(
            purpose="responses.sheets", subject=f"plan.wave:{wave.pk}", unit=cast.company.pk, title="x.csv",
            content=b"x", asked_by=cast.zhao.pk, at=AT,
        )  # fmt: skip
        Intake.objects.filter(pk=intake.pk).update(state="refused")
        mark = set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="overall", score=80)
        company, customer = cast.company, Customer.objects.get(code="C3")
        assignment = cast.sun.assignments.get()
        record = self._record(p12)
        do = {"by": cast.zhang, "at": AT}
        entrance = self._entrance()
        arrival = Arrival.objects.create(record=record, entrance=entrance, text="漏水", at=AT)
        self.tokens = (
            ("done", make_token(ask.key)), (".ics", SIGNER.sign(make_feed(by=cast.zhao, at=AT).key.hex)),
            ("/f/follow/", follow_token(arrival)), ("/f/", make_link(entrance.key, PAGE)),
        )  # fmt: skip
        self.wave, self.ask, self.token = wave, ask, make_token(sent[1].key)
        self.numbers: dict[str, tuple[dict[str, object], Unit]] = {
            **{f"/{page}/<int:pk>": ({"pk": wave.pk}, company) for page in WAVE_PAGES.split()},
            "/plan/<int:pk>/steps": ({"pk": wave.pk, "step": "report_dispatch"}, company),
            "/plan/<int:pk>/yardsticks": ({"pk": wave.pk, "yardstick": mark.pk}, company),
            "/responses/<int:pk>/enter": ({"pk": wave.pk, "ask": sent[2].pk}, company),
            "/dispatch/rows/<int:pk>": ({"pk": ask.pk}, ask.unit),
            "/responses/sheet/<int:pk>": ({"pk": Sheet.objects.get().pk}, ask.unit),
            "/responses/customer/<int:pk>": ({"pk": customer.pk}, customer.unit),
            "/responses/intake/<int:pk>": ({"pk": intake.pk}, company),
            "/customers/intake/<int:pk>": ({"pk": self._register_intake()}, company),
            "/customers/<int:pk>": ({"pk": customer.pk}, customer.unit),
            "/calendars/<int:pk>": ({"pk": make_calendar(**do, name="working", unit=company).pk}, company),
            "/scores/chart/<int:pk>": ({"pk": picture.pk}, company),
            "/scores/<int:pk>/pictures": ({"pk": result.pk}, company),
            "/scores/result/<int:pk>": ({"pk": result.pk}, company),
            "/reports/report/<int:pk>": ({"pk": report.pk}, company),
            "/reports/file/<int:pk>": ({"pk": paper.pk}, company),
            "/procedure/<int:pk>": ({"pk": p12.pk, "form": "satisfaction_sheet"}, company),
            "/duties/<int:pk>": ({"pk": Duty.objects.filter(state="open").first().pk}, company),
            "/people/<int:pk>": ({"pk": cast.sun.pk}, cast.east),
            "/people/roles/<int:pk>": ({"pk": assignment.pk}, cast.east),
            "/conformity/<int:pk>": ({"pk": p12.document.pk}, company),
            "/conformity/replay/<int:pk>": ({"pk": p12.pk}, company),
            "/records/<int:pk>": ({"pk": record.pk, "step": "handle", "field": "description"}, company),
            "/records/contacts/<int:pk>": ({"pk": customer.contacts.first().pk}, customer.unit),
            "/records/entrances/<int:pk>": ({"pk": self._entrance().pk}, company),
            "/notices/robots/<int:pk>": ({"pk": self._robot().pk}, company),
            "/records/rows/<int:pk>": ({"pk": record.rows.create(field="x", key=1).pk}, company),
            "/records/files/<int:pk>": ({"pk": record.attachments.get().pk}, company),
            "/records/kind/<str:kind>": ({"kind": "P12.quality_information"}, company),
            "/records/kind/<str:kind>/views/<int:pk>": ({"kind": "P12.quality_information", "pk": MISSING}, company),
        }

    def _robot(self):
        return Robot.objects.create(unit=self.cast.company, name="群", kind="wecom", address="https://example.com/")

    def _entrance(self):
        return Entrance.objects.create(
            document=Document.objects.get(key="P12"), kind="quality_information", unit=self.cast.company,
            opened_by=self.cast.zhao, opened_at=AT,
        )  # fmt: skip

    def _record(self, p12) -> Record:
        """A quality information that was registered, with a file; the step after it is open."""
        kind = get_kind(self.cast.zhao, "quality_information", AT.date())
        said = {"customer": "C3", "product": str(Product.objects.first().pk), "kind": "service_nonconformity"}
        filling = Filling(data={**said, "description": "漏水"})
        record = open_record(by=self.cast.zhao, at=AT, kind=kind, unit=self.cast.company, filling=filling)
        remark(by=self.cast.zhao, at=AT, record=record, text="见附件", files=[Upload("x.pdf", b"%PDF")])
        return record

    def _register_intake(self) -> int:
        intake = request_intake(
            purpose="customers.register", subject="", unit=self.cast.company.pk, title="x.csv", content=b"x",
            asked_by=self.cast.zhao.pk, at=AT,
        )  # fmt: skip
        Intake.objects.filter(pk=intake.pk).update(state="refused")
        return intake.pk

    def fill(self, route: str, missing: bool) -> tuple[str, Unit | None]:
        """The route with the numbers of an object that is there, or of none; and the object's unit."""
        if "<str:token>" in route:
            known = next((token for part, token in self.tokens if part in route), self.token)
            return route.replace("<str:token>", "x" * 43 if missing else known), None
        if "<" not in route:
            return route, None
        place = max((p for p in self.numbers if route.startswith(p)), key=len, default=None)
        assert place is not None, f"say in World what the numbers of {route} mean"
        values, unit = self.numbers[place]

        def value(match: re.Match[str]) -> str:
            name = match[2]
            return str(MISSING if missing and match[1] == "int:" else values[name])

        return re.sub(r"<(\w+:)?(\w+)>", value, route), unit


@pytest.fixture
def world(cast, p12, wave, sent, time_machine) -> World:
    time_machine.move_to(AT + timedelta(hours=1))
    return World(cast, p12, wave, sent)


def people(cast) -> Iterator[tuple[str, Person | None, Client]]:
    yield "nobody", None, Client()
    for name in ("zhang", "wang", "li", "zhao", "sun", "he", "qian"):
        client, person = Client(), getattr(cast, name)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        yield name, person, client


def sees(person: Person, unit: Unit | None, route: str) -> bool:
    """The rows of one's units and below; a procedure in force is also read by those it is in force for."""
    paths = [a.unit.path for a in person.assignments.all()]
    in_force = route.startswith(("/procedure/", "/records/kind/", "/conformity/replay/"))
    return unit is None or any(unit.path.startswith(p) or (in_force and p.startswith(unit.path)) for p in paths)


def expected(route_access: access.Access, person: Person | None, visible: bool, method: str) -> set[int]:
    """The statuses a route may answer with."""
    if route_access.kind == "open_to_all":
        return FINE
    if route_access.kind == "by_link":
        return FINE if visible else {404, 405}
    if person is None:
        return {302} if method == "get" else {403}
    if route_access.kind == "needs" and route_access.verb not in verbs_of(person):
        return {403}
    if visible:
        return FINE | {403}  # the operation may still refuse the unit
    return {404, 405}


def answers(world: World, method: str) -> Iterator[tuple[str, set[int], int]]:
    visitors = list(people(world.cast))
    for route, view in routes():
        if (
            route.startswith(("/sign-out/", "/people/<int:pk>/disable/", "/plan/<int:pk>/close/", "/people/roles/"))
            and method == "post"
        ):
            continue  # these end what the other routes need; their own tests try them
        for missing in (False, True):
            path, unit = world.fill(route, missing)
            if missing and path == world.fill(route, False)[0]:
                continue
            for name, person, client in visitors:
                route_access = declared(view)
                assert route_access is not None, f"{route} declares nothing"
                visible = not missing and (person is None or sees(person, unit, route))
                status = getattr(client, method)(path).status_code
                yield f"{method} {path} as {name}", expected(route_access, person, visible, method), status


def differences(world: World, method: str) -> list[str]:
    return [
        f"{what}: {status}, not {sorted(want)}" for what, want, status in answers(world, method) if status not in want
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_route_answers_as_it_declares(world: World, method: str) -> None:
    assert differences(world, method) == []


def test_every_route_declares_who_may_use_it() -> None:
    assert [route for route, view in routes() if declared(view) is None] == []


def test_only_respondents_pages_do_without_a_csrf_token() -> None:
    exempt = [route for route, view in routes() if getattr(view, "csrf_exempt", False)]
    assert exempt
    assert all(route.startswith(("/s/", "/f/")) for route in exempt)


def test_what_is_foreign_answers_as_what_is_missing(world: World) -> None:
    client = Client()
    client.force_login(world.cast.qian, backend="django.contrib.auth.backends.ModelBackend")
    compared = 0
    for route, _ in routes():
        if "<int:pk>" in route:
            foreign, missing = (client.get(world.fill(route, absent)[0]) for absent in (False, True))
            assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content), route
            compared += 1
    assert compared > 15


@pytest.mark.parametrize("when", ["disabled", "role ended", "moved"])
def test_a_right_that_was_withdrawn_is_gone_at_the_next_request(world: World, when: str) -> None:
    client = Client()
    client.force_login(world.cast.zhao, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/dispatch/{world.wave.pk}/"
    assert client.get(path).status_code == 200
    match when:
        case "disabled":
            Person.objects.filter(pk=world.cast.zhao.pk).update(is_active=False)
        case "role ended":
            world.cast.zhao.assignments.update(until_on="2021-01-01")
        case "moved":
            world.cast.zhao.assignments.update(unit=world.cast.elsewhere)
    assert client.get(path).status_code in (302, 404)


@pytest.mark.parametrize("fault", ["no gate", "no eyes"])
def test_a_planted_fault_turns_the_matrix_red(world: World, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "no gate":
        monkeypatch.setattr(access, "_gate", _let_in)
    else:
        monkeypatch.setattr("manyi.flow.plan.queries.visible_to", _everything)
    assert differences(world, "get") != []


def _let_in(route_access: access.Access, request) -> object:
    return GATE(access.Access("signed_in"), request)


def _everything(by: Person, rows, **_: object) -> object:
    return rows
