"""A tier, a step, a field, a duty, a measure of a known kind: each is added to the file alone, and it works at run time."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from tests.conftest import AT
from time_machine import travel

from manyi.base.customers.models import Product
from manyi.core.tiers import place
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import open_ahead
from manyi.flow.findings.measuring import list_measured
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.procedure.queries import get_wave_rules
from manyi.flow.records.operations import open_record
from manyi.flow.records.queries import get_kind
from manyi.flow.records.storing import Filling
from manyi.library import PROCEDURES

P12 = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8").replace("revision: A/0", "revision: A/1")
OTHERS = "    - key: others\n"
HANDLE = "      - key: handle\n        title: {zh: 按纠正和预防措施程序处理"


@pytest.fixture
def in_force(p12, cast):
    """Put P12 in force with one thing added to its text."""

    def do(place: str, added: str):
        assert P12.count(place) == 1
        text = P12.replace(place, added + place)
        revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company, document=p12.document)
        review_revision(by=cast.wang, at=AT, revision=revision)
        approve_revision(by=cast.wang, at=AT, revision=revision)
        return put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))

    return do


def registered(cast, kind: str = "quality_information"):
    product = str(Product.objects.first().pk)
    data = {"customer": "C3", "kind": "service_nonconformity", "description": "漏水", "product": product}
    return open_record(
        by=cast.zhao, at=AT, kind=get_kind(cast.zhao, kind, AT.date()), unit=cast.company,
        filling=Filling(data=data),
    )  # fmt: skip


def test_a_tier(in_force):
    revision = in_force(
        OTHERS,
        "    - key: foreign\n      title: {zh: 国外顾客, en: Foreign customers}\n      clause: 5.3.1\n"
        "      where: \"country <> 'CN'\"\n",
    )
    tiers = get_wave_rules(revision, "annual_survey").tiers
    facts = {"annual_sales": Fraction(10), "product_sales_rank": Fraction(40)}
    placed = place(tiers, {"F": {**facts, "country": "DE"}, "H": {**facts, "country": "CN"}})
    assert placed == {"F": "foreign", "H": "others"}


def test_a_step(in_force, cast, register):
    in_force(
        HANDLE,
        "      - {key: confirm, title: {zh: 核实, en: Confirm}, clause: 5.7.2, role: sales_company, within: same day}\n",
    )
    record = registered(cast)
    assert Duty.objects.get(subject=f"records.record:{record.pk}", state="open").rule == "quality_information.confirm"


def test_a_field(in_force, cast, register, signed_in):
    in_force("          description: text\n", "          batch: {type: text, title: {zh: 生产批号, en: Batch}}\n")
    with travel(AT, tick=False):
        page = signed_in(cast.zhao).get(reverse("records:start", args=["quality_information"]), {"lang": "zh"})
    assert "生产批号" in page.content.decode()


def test_a_duty(in_force):
    in_force(
        "  file_survey:\n",
        "  read_media:\n    title: {zh: 查阅媒体报道, en: Read the media}\n    clause: 5.8\n    role: quality_assurance\n"
        "    every: month\n    evidence: file\n",
    )
    open_ahead(at=AT + timedelta(days=1))
    assert Duty.objects.filter(rule="duties.read_media", title_en="Read the media", state="open").exists()


def test_a_measure(in_force, cast, register):
    revision = in_force(
        "  below_previous:\n",
        "  about_service:\n    title: {zh: 服务类占比, en: Share about service}\n    clause: 5.3.1\n"
        "    figure: share\n    of: quality_information\n    where: \"kind = 'service_nonconformity'\"\n    every: month\n    at_least: 78%\n",
    )
    registered(cast)
    units = {cast.company.pk}
    (found,) = [
        m for m in list_measured(revision, units=units, at=AT + timedelta(days=40)) if m.rule.key == "about_service"
    ]
    assert [(f.value, f.is_met) for f in found.figures] == [(1, True)]
