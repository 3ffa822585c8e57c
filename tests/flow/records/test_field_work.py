"""Work where it happens: proposed times, what is covered, pictures and the customer's signature."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import AT

from manyi.base.files.queries import path_of
from manyi.base.people.operations import assign_role
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.records.kinds.observation import Cell, matrix_of
from manyi.flow.records.models import Record, Row
from manyi.flow.records.operations import CannotTake, open_record
from manyi.flow.records.pictures import picture_type
from manyi.flow.records.presets import moment_of
from manyi.flow.records.queries import get_kind
from manyi.flow.records.storing import MOST_FILE, Filling, Upload, wrong_file
from manyi.library import PROCEDURES

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx"
    b"\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)
FX = Path(__file__).with_name("fx.yaml")


@pytest.fixture(autouse=True)
def _today(register, time_machine):
    time_machine.move_to(AT + timedelta(hours=1))


@pytest.fixture
def kind_of(cast):
    """A kind of a procedure put in force, all roles of whose steps Sun holds: ``kind_of(file, "P10.observation")``."""

    def put(path, name):
        if not Record.objects.filter(document__key=name.partition(".")[0]).exists():
            revision = import_procedure(by=cast.zhang, at=AT, text=path.read_text(encoding="utf-8"), unit=cast.company)
            review_revision(by=cast.wang, at=AT, revision=revision)
            approve_revision(by=cast.wang, at=AT, revision=revision)
            put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
        kind = get_kind(cast.zhang, name, date(2026, 12, 1))
        known = set(cast.sun.assignments.values_list("role", flat=True))
        for role in {step.role for step, _ in kind.flow.walk() if step.role and "." not in step.role} - known:
            assign_role(by=cast.zhang, at=AT, person=cast.sun, role=role, unit=cast.company, from_on=date(2020, 1, 1))
        return kind

    return put


def begin(cast, kind, **values):
    return open_record(by=cast.sun, at=AT, kind=kind, unit=cast.company, **values)


@pytest.fixture
def site(kind_of):
    return kind_of(FX, "FX.site_report")


# ---- proposed times ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("next day 17:00", "2026-12-02 17:00"), ("same day 16:00", "2026-12-01 16:00"),
        ("same day", "2026-12-01 10:00"), ("1 month 08:30", "2027-01-01 08:30"),
        ("2 hours", None), ("next day 25:00", None), ("3 working days", None), ("", None), ("99999 years", None),
    ],
)  # fmt: skip
def test_a_proposed_time_counts_from_the_day_where_one_is(written, expected):
    found = moment_of(written, AT)  # ten o'clock in Shanghai
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == expected


def test_late_in_the_evening_of_the_world_it_is_the_next_day_here():
    found = moment_of("next day 17:00", datetime(2026, 12, 1, 17, 0, tzinfo=UTC))
    assert found == datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


def test_the_first_call_proposes_the_time_of_the_procedure(kind_of, signed_in, cast):
    kind_of(PROCEDURES / "P11.yaml", "P11.first_visit_record")
    html = signed_in(cast.sun).get(reverse("records:start", args=["P11.first_visit_record"])).content.decode()
    assert value_of(html, "f_first_slot") == "2026-12-02T17:00"
    assert value_of(html, "f_agreed_at") == ""


def test_a_day_is_proposed_as_a_day_and_what_is_no_time_is_left_to_the_person(site, signed_in, cast):
    html = signed_in(cast.sun).get(reverse("records:start", args=[site.key])).content.decode()
    assert value_of(html, "f_seen_on") == "2026-12-01"
    assert value_of(html, "f_next_visit") == "2026-12-15T11:00"
    assert value_of(html, "f_odd") == ""


def value_of(html, name):
    control = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert control, f"no control {name}"
    value = re.search(r'value="([^"]*)"', control[0])
    return value[1] if value else ""


# ---- pictures and the signature ---------------------------------------------------------------


def test_on_the_spot_pictures_and_signature_come_before_the_text(site, signed_in, cast):
    html = signed_in(cast.sun).get(reverse("records:start", args=[site.key])).content.decode()
    places = [html.index(f'name="f_{key}"') for key in ("picture", "signed_by", "work_done", "remark_1")]
    assert places == sorted(places)
    assert html.index('name="f_signed_by"') < html.index("<details")  # may stay empty, and is not folded away
    control = re.search(r'<input[^>]*name="f_picture"[^>]*>', html)[0]
    assert 'accept="image/*"' in control
    assert 'capture="environment"' in control
    assert 'class="on-site"' in html


def test_a_picture_stands_on_the_page_and_the_customer_has_signed(site, signed_in, cast):
    client = signed_in(cast.sun)
    said = {
        "unit": cast.company.pk, "f_customer": "C1", "f_work_done": "调试", "f_signed_by": "王海",
        "f_picture": SimpleUploadedFile("现场.png", PNG, "image/png"),
    }  # fmt: skip
    assert client.post(reverse("records:start", args=[site.key]), said).status_code == 302
    record = Record.objects.get()
    html = client.get(reverse("records:record", args=[record.pk])).content.decode()
    url = reverse("records:picture", args=[record.attachments.get().pk])
    assert f'<img src="{url}" alt="现场.png"' in html
    line = re.search(r'<div class="signed-on">.*?</div>', html, re.DOTALL)[0]
    assert "上海海川化工" in line
    assert "王海" in line
    answer = client.get(url)
    assert (answer["Content-Type"], answer.content) == ("image/png", PNG)
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "img-src 'self'" in client.get(reverse("records:record", args=[record.pk]))["Content-Security-Policy"]
    assert signed_in(cast.qian).get(url).status_code == 404


def test_what_only_calls_itself_a_picture_is_never_shown(site, signed_in, cast):
    filling = Filling(data={"work_done": "x", "customer": "C1"}, files={"picture": [Upload("a.png", PNG)]})
    record = begin(cast, site, filling=filling)
    stored = record.attachments.get().file
    path_of(stored).write_bytes(b"<script>alert(1)</script>")
    answer = signed_in(cast.sun).get(reverse("records:picture", args=[record.attachments.get().pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert not answer["Content-Type"].startswith(("image/", "text/html"))


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("a.jpg", b""), ("a.jpg", b"%PDF-1.4"), ("a.png", b"<svg onload=alert(1)>"), ("a.svg", PNG), ("a.pdf", PNG),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVEfmt "), ("a.heic", b"\x00\x00\x00\x18ftypmp42"), ("png", PNG),
        ("a.png", PNG + b"0" * MOST_FILE),
    ],
)  # fmt: skip
def test_a_photo_that_is_none_is_refused_and_nothing_is_kept(site, cast, title, content):
    filling = Filling(data={"work_done": "x", "customer": "C1"}, files={"picture": [Upload(title, content)]})
    with pytest.raises(CannotTake) as refused:
        begin(cast, site, filling=filling)
    fault = refused.value.faults[0]
    assert (fault.code, fault.column) == ("bad_file", "picture")
    assert fault.message.zh
    assert fault.message.en
    assert Record.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"), (b"\x00\x00\x00\x18ftypheic", "image/heic"), (b"MZ", ""),
    ],
)  # fmt: skip
def test_the_first_bytes_say_what_a_picture_is(content, kind):
    assert picture_type(content) == kind


def test_a_file_that_is_named_like_a_picture_has_to_be_one_everywhere():
    assert wrong_file(Upload("a.jpg", b"MZ"), picture=False) is not None
    assert wrong_file(Upload("a.PNG", PNG), picture=False) is None
    assert wrong_file(Upload("a.pdf", b"%PDF"), picture=False) is None


# ---- what is covered --------------------------------------------------------------------------


@pytest.fixture
def observed(kind_of, cast):
    """The register of observations with two plans and what was observed; the quarter runs to the end of 2026."""
    kind = kind_of(PROCEDURES / "P10.yaml", "P10.observation")
    plan = lambda name, **more: Record.objects.create(  # noqa: E731
        document=kind.document,
        revision=kind.revision,
        kind=name,
        unit=cast.company,
        happened_at=AT,
        opened_at=AT,
        **more,
    )
    one = plan("unit_plan", number="1")
    for n, (area, shift, due) in enumerate(
        [("storage", "night", "2026-12-10"), ("storage", "night", "2026-12-31"), ("storage", "day", "2027-01-01"),
         ("office", "day", "2026-12-01")], start=1,
    ):  # fmt: skip
        Row.objects.create(record=one, field="schedule", key=n, data={"area": area, "shift": shift, "due": due})
    gone = {"area": "living", "shift": "day", "due": "2026-12-02"}
    Row.objects.create(record=one, field="schedule", key=9, data=gone, removed="x")
    Row.objects.create(
        record=plan("company_plan", number="2", state="void", closed_at=AT), field="schedule", key=1, data=gone
    )
    for n, (area, at) in enumerate([("office", AT), ("office", AT), ("office", AT - timedelta(days=90))], start=3):
        data = {"area": area, "shift": "day"}
        record = plan("observation", number=str(n), data=data)
        Record.objects.filter(pk=record.pk).update(happened_at=at)
    return kind


def test_what_was_planned_and_observed_in_the_running_quarter(observed, cast):
    matrix = matrix_of(cast.sun, observed, AT)
    assert (matrix.window.key, [head.en for head in matrix.heads]) == ("2026-Q4", ["Day", "Night"])
    rows = {title.en: cells for title, cells in matrix.rows}
    assert rows["Storage"] == (Cell(0, 0), Cell(2, 0))
    assert rows["Offices"] == (Cell(1, 2), Cell(0, 0))
    assert rows["Living quarters and services"] == (Cell(0, 0), Cell(0, 0))
    assert (len(matrix.cells), matrix.covered, matrix.missing) == (14, 1, 1)


def test_the_register_shows_it_and_marks_what_was_planned_in_vain(observed, signed_in, cast):
    html = signed_in(cast.sun).get(reverse("records:kind", args=[observed.key]), {"lang": "en"}).content.decode()
    assert "1 of 14 observed" in html
    cell = re.search(r'<td class="bg-yellow-lt">.*?</td>', html)[0]
    assert "0 / 2" in cell
    assert "not observed" in cell
    assert html.count('<td class="bg-yellow-lt">') == 1


def test_nobody_counts_what_he_does_not_see(observed, cast):
    assert sum(cell.planned + cell.done for cell in matrix_of(cast.qian, observed, AT).cells) == 0


def test_a_kind_no_measure_asks_of_has_no_such_table(kind_of, cast):
    assert matrix_of(cast.sun, kind_of(PROCEDURES / "P10.yaml", "P10.safety_report"), AT) is None


def test_it_takes_the_same_questions_however_much_there_is(observed, cast, django_assert_max_num_queries):
    counts, plan = [], Record.objects.get(kind="unit_plan")
    for first in (20, 40):
        with django_assert_max_num_queries(12) as captured:
            matrix_of(cast.sun, observed, AT)
        counts.append(len(captured))
        data = {"area": "traffic", "shift": "night", "due": "2026-12-05"}
        for n in range(first, first + 10):
            Row.objects.create(record=plan, field="schedule", key=n, data=data)
    assert counts[0] == counts[1]
