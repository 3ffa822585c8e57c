"""The pages of procedures: what a reader finds on them, who may do what, what a bad file leads to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import AT

from manyi.flow.procedure.models import Revision
from manyi.library import PROCEDURES

P12 = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8")


@pytest.fixture
def draft(cast):
    from manyi.flow.procedure.operations import import_procedure

    return import_procedure(
        by=cast.zhang, at=AT, text=P12, unit=cast.company, reason="第一版 <script>alert(1)</script>"
    )


def upload(client, cast, content: bytes):
    file = SimpleUploadedFile("p.yaml", content)
    return client.post(reverse("procedure:import"), {"file": file, "unit": cast.company.pk, "reason": ""})


def test_the_list_says_what_to_do_without_a_procedure(cast, signed_in):
    assert reverse("procedure:import") in signed_in(cast.zhang).get(reverse("procedure:list")).content.decode()
    assert reverse("procedure:import") not in signed_in(cast.sun).get(reverse("procedure:list")).content.decode()


def test_the_list_shows_a_draft_only_where_it_is_the_units_business(draft, cast, signed_in):
    page = reverse("procedure:revision", args=[draft.pk])
    assert page in signed_in(cast.wang).get(reverse("procedure:list")).content.decode()
    assert page not in signed_in(cast.sun).get(reverse("procedure:list")).content.decode()
    assert signed_in(cast.sun).get(page).status_code == 404
    assert signed_in(cast.qian).get(page).status_code == 404


def test_who_works_below_reads_what_is_in_force_above(p12, cast, signed_in):
    page = signed_in(cast.sun).get(reverse("procedure:revision", args=[p12.pk]))
    assert page.status_code == 200
    assert signed_in(cast.qian).get(reverse("procedure:revision", args=[p12.pk])).status_code == 404


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "zh",
            ["调查率不低于 90%", "自“发放调查表并建立台账”起 1 个月内", "12 月 5 日前", "未填写的小项按“比较满意”计"],
        ),
        ("en", ["coverage at least 90%", "within 1 month of “Send the sheets and keep the ledger”", "by 5 December"]),
    ],
)
def test_a_revision_is_read_clause_by_clause(p12, cast, signed_in, language, sentences):
    html = signed_in(cast.li).get(reverse("procedure:revision", args=[p12.pk]), {"lang": language}).content.decode()
    for sentence in sentences:
        assert sentence in html
    assert 'id="clause-5.3.1.1"' in html


def test_a_settled_value_stands_beside_its_clause_with_readings_and_reason(p12, cast, signed_in):
    html = signed_in(cast.li).get(reverse("procedure:revision", args=[p12.pk]), {"lang": "zh"}).content.decode()
    clause = html.split('id="clause-5.3.1"')[1].split("<tr")[0]
    assert "78% 可理解为全部顾客" in clause


def test_hostile_text_is_escaped(draft, cast, signed_in):
    html = signed_in(cast.wang).get(reverse("procedure:revision", args=[draft.pk])).content.decode()
    assert "<script>alert(1)</script>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_drafter_is_told_that_somebody_else_signs_first_as_reviewer_then_as_approver(draft, cast, signed_in):
    page = reverse("procedure:revision", args=[draft.pk])
    review, approve = (reverse(f"procedure:{act}", args=[draft.pk]) for act in ("review", "approve"))
    assert review not in signed_in(cast.zhang).get(page).content.decode()
    html = signed_in(cast.wang).get(page).content.decode()
    assert review in html
    assert approve not in html
    signed_in(cast.wang).post(review)
    assert approve in signed_in(cast.wang).get(page).content.decode()
    assert approve not in signed_in(cast.zhang).get(page).content.decode()


def test_from_a_file_to_a_procedure_in_force(cast, signed_in):
    response = upload(signed_in(cast.zhang), cast, P12.encode())
    revision = Revision.objects.get()
    page = reverse("procedure:revision", args=[revision.pk])
    assert response.url == page
    assert signed_in(cast.sun).post(reverse("procedure:approve", args=[revision.pk])).status_code == 403
    assert signed_in(cast.sun).post(reverse("procedure:review", args=[revision.pk])).status_code == 403
    signed_in(cast.wang).post(reverse("procedure:review", args=[revision.pk]))
    signed_in(cast.wang).post(reverse("procedure:approve", args=[revision.pk]))
    revision.refresh_from_db()
    assert revision.state == "approved"
    day = revision.approved_at.date().replace(year=revision.approved_at.year + 1)
    signed_in(cast.zhang).post(reverse("procedure:put_in_force", args=[revision.pk]), {"from_date": day.isoformat()})
    revision.refresh_from_db()
    assert (revision.state, revision.in_force_from) == ("in_force", day)


def test_a_changing_page_does_nothing_on_get(draft, cast, signed_in):
    assert signed_in(cast.wang).get(reverse("procedure:approve", args=[draft.pk])).status_code == 405
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_faults_of_a_file_are_told_with_their_lines(cast, signed_in):
    response = upload(signed_in(cast.zhang), cast, P12.replace("within: 1 month", "within: one month").encode())
    html = response.content.decode()
    line = next(n for n, text in enumerate(P12.splitlines(), start=1) if "within: 1 month" in text)
    assert response.status_code == 422
    assert f">{line}<" in html
    assert "one month" in html
    assert not Revision.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: &x 1\nb: *x\n", b"- 1", b"\tx: 1", "满意".encode("gb18030")])
def test_a_file_that_is_no_procedure_is_refused_and_nothing_stays(cast, signed_in, content):
    assert upload(signed_in(cast.zhang), cast, content).status_code == 422
    assert not Revision.objects.exists()


def test_a_file_over_a_megabyte_is_refused(cast, signed_in):
    html = upload(signed_in(cast.zhang), cast, b"#" * 1_000_001).content.decode()
    assert "1 MB" in html
    assert not Revision.objects.exists()


def test_a_shipped_procedure_can_be_chosen(cast, signed_in):
    said = {"shipped": "P12", "unit": cast.company.pk, "reason": ""}
    signed_in(cast.zhang).post(reverse("procedure:import"), said)
    assert Revision.objects.get().document.key == "P12"


def test_the_file_comes_back_as_it_went_in(draft, cast, signed_in):
    response = signed_in(cast.wang).get(reverse("procedure:text", args=[draft.pk]))
    assert response.content.decode() == P12
    assert response["Content-Disposition"].startswith("attachment")


def test_the_sheet_is_previewed(p12, cast, signed_in):
    html = signed_in(cast.li).get(reverse("procedure:sheet", args=[p12.pk, "satisfaction_sheet"]), {"lang": "zh"})
    assert "服务人员的态度" in html.content.decode()
    assert signed_in(cast.li).get(reverse("procedure:sheet", args=[p12.pk, "nothing"])).status_code == 404


def test_the_list_takes_as_many_queries_for_many_procedures(cast, signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from manyi.flow.procedure.models import Document

    client = signed_in(cast.zhang)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("procedure:list"))
        return len(seen)

    def add(start: int, end: int) -> None:
        for n in range(start, end):
            document = Document.objects.create(key=f"x{n}", code="c", title_zh="程序", title_en="p", unit=cast.company)
            Revision.objects.create(
                document=document, label="A", text="", digest=f"{n}", drafted_by=cast.zhang, drafted_at=AT
            )

    add(0, 3)
    few = queries()
    add(3, 30)
    assert queries() == few
