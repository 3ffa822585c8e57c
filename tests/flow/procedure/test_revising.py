"""Editing a revision as text, comparing two, printing one."""

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.operations import import_procedure
from manyi.library import PROCEDURES

P12 = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8")
NEXT = P12.replace("revision: A/0", "revision: A/1").replace("at_least: 90%", "at_least: 95%").replace(" 90%", " 95%")


def edit(client, revision, text, **said):
    return client.post(reverse("procedure:edit", args=[revision.pk]), {"text": text.replace("\n", "\r\n"), **said})


def test_the_text_is_changed_and_kept_as_a_draft_with_its_reason(p12, cast, signed_in):
    client = signed_in(cast.zhang)
    response = edit(client, p12, NEXT, reason="重点客户提高到 95%", save="1")
    draft = Revision.objects.exclude(pk=p12.pk).get()
    assert response.url == reverse("procedure:compare", args=[draft.pk])
    assert (draft.text, draft.reason, draft.state) == (NEXT, "重点客户提高到 95%", "draft")
    p12.refresh_from_db()
    assert p12.text == P12


def test_a_draft_needs_a_reason_and_a_check_does_not(p12, cast, signed_in):
    client = signed_in(cast.zhang)
    assert edit(client, p12, NEXT, save="1").status_code == 422
    assert edit(client, p12, NEXT, check="1").status_code == 200
    assert Revision.objects.count() == 1


def test_what_cannot_be_read_is_told_with_its_line_and_nothing_typed_is_lost(p12, cast, signed_in):
    text = NEXT.replace("within: 1 month", "within: one month", 1)
    line = next(n for n, words in enumerate(text.splitlines(), start=1) if "one month" in words)
    response = edit(signed_in(cast.zhang), p12, text, reason="试", save="1")
    html = response.content.decode()
    assert response.status_code == 422
    assert f">{line}<" in html
    assert "within: one month" in html.split("<textarea")[1]
    assert Revision.objects.count() == 1


def test_the_check_tells_open_findings_with_line_and_hint(p12, cast, signed_in):
    text = NEXT.replace("role: customer_service", "role: nobody_knows", 1)
    html = edit(signed_in(cast.zhang), p12, text, check="1").content.decode()
    assert "N1" in html
    assert "nobody_knows" in html


@pytest.mark.parametrize("change", [("key: P12", "key: P99"), ("revision: A/1", "revision: A/0")])
def test_another_key_or_a_name_on_record_is_refused_and_the_text_stays(p12, cast, signed_in, change):
    text = NEXT.replace(*change, 1)
    response = edit(signed_in(cast.zhang), p12, text, reason="试", save="1")
    assert response.status_code == 422
    assert change[1] in response.content.decode().split("<textarea")[1]
    assert Revision.objects.count() == 1


def test_who_may_not_import_does_not_edit(p12, cast, signed_in):
    assert signed_in(cast.sun).get(reverse("procedure:edit", args=[p12.pk])).status_code == 403


@pytest.fixture
def successor(p12, cast):
    return import_procedure(by=cast.zhang, at=AT, text=NEXT, unit=cast.company, reason="提高", document=p12.document)


@pytest.mark.parametrize(("language", "told"), [("zh", "重点顾客 · 下限"), ("en", "Key accounts · at least")])
def test_two_revisions_are_compared_rule_by_rule(successor, cast, signed_in, language, told):
    page = signed_in(cast.wang).get(reverse("procedure:compare", args=[successor.pk]), {"lang": language})
    html = page.content.decode()
    assert told in html
    assert "90%" in html
    assert "<strong>95%</strong>" in html
    assert "重点客户" not in html or language == "zh"


def test_a_revision_is_compared_with_the_one_that_is_asked_for(successor, p12, cast, signed_in):
    client = signed_in(cast.wang)
    page = reverse("procedure:compare", args=[p12.pk])
    assert "<strong>90%</strong>" in client.get(page, {"with": successor.pk}).content.decode()
    assert client.get(page, {"with": "no"}).status_code == 404


def test_the_document_prints_with_its_signatures_clauses_and_forms(p12, cast, signed_in):
    html = signed_in(cast.li).get(reverse("procedure:document", args=[p12.pk]), {"lang": "zh"}).content.decode()
    for told in ("QP-CS-12", cast.zhang.name, cast.wang.name, "5.3.1.1", "顾客满意度调查表", "纠正和预防措施控制程序"):
        assert told in html
