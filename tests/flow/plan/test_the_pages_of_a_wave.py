"""From the list of surveys to the overview of one: what a quality manager reads there and does there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.flow.dispatch.operations import finish_sending
from manyi.flow.duties.models import Duty
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import open_wave


@pytest.fixture
def now(time_machine):
    time_machine.move_to(AT + timedelta(hours=1), tick=False)


@pytest.mark.usefixtures("now")
class TestTheList:
    def test_it_says_what_comes_next(self, wave, cast, signed_in):
        html = signed_in(cast.li).get(reverse("plan:list")).content.decode()
        assert "发放调查表并建立台账" in html
        assert "2026-12-05" in html
        assert reverse("plan:wave", args=[wave.pk]) in html

    def test_empty_it_says_what_to_do(self, p12, cast, signed_in):
        assert reverse("plan:new") in signed_in(cast.li).get(reverse("plan:list")).content.decode()
        assert reverse("plan:new") not in signed_in(cast.he).get(reverse("plan:list")).content.decode()

    def test_it_asks_the_database_the_same_for_many_waves(
        self, p12, cast, register, signed_in, django_assert_max_num_queries
    ):
        client, counts, year = signed_in(cast.li), [], 2026
        for many in (3, 30):
            while Wave.objects.count() < many:
                open_wave(
                    by=cast.li, at=AT, revision=p12, programme="annual_survey", unit=cast.company, year=year,
                    frame_on=date(year, 12, 5),
                )  # fmt: skip
                year -= 1
            with django_assert_max_num_queries(30) as captured:
                client.get(reverse("plan:list"))
            counts.append(len(captured))
        assert counts[0] == counts[1]


@pytest.mark.usefixtures("now")
class TestOpening:
    def test_the_form_suggests_year_and_day_from_the_procedure(self, p12, cast, signed_in):
        html = signed_in(cast.li).get(reverse("plan:new")).content.decode()
        assert 'value="2026"' in html
        assert 'value="2026-12-05"' in html

    def test_it_opens_the_wave_on_the_day_the_procedure_states(self, p12, cast, signed_in):
        said = {"programme": f"{p12.pk}:annual_survey", "unit": cast.company.pk, "year": 2026, "frame_on": ""}
        response = signed_in(cast.li).post(reverse("plan:new"), said)
        wave = Wave.objects.get()
        assert response.url == reverse("plan:wave", args=[wave.pk])
        assert wave.frame_on == date(2026, 12, 5)

    @pytest.mark.parametrize("changed", [{"unit": "elsewhere"}, {"year": "1"}, {"programme": "7:x"}, {"frame_on": "x"}])
    def test_what_is_not_offered_is_not_taken(self, p12, cast, signed_in, changed):
        said = {
            "programme": f"{p12.pk}:annual_survey",
            "unit": cast.company.pk,
            "year": 2026,
            "frame_on": "",
            **changed,
        }
        if changed == {"unit": "elsewhere"}:
            said["unit"] = cast.elsewhere.pk
        assert signed_in(cast.li).post(reverse("plan:new"), said).status_code == 200
        assert not Wave.objects.exists()

    def test_the_auditor_opens_none(self, p12, cast, signed_in):
        assert signed_in(cast.he).get(reverse("plan:new")).status_code == 403


@pytest.mark.usefixtures("now")
class TestTheOverview:
    def test_it_tells_every_step_and_why_it_is_due(self, wave, cast, signed_in):
        html = signed_in(cast.he).get(reverse("plan:wave", args=[wave.pk])).content.decode()
        for words in (
            "发放调查表并建立台账",
            "向品保部反馈发放情况",
            "统计分析",
            "提交总经理",
            "每年 12 月 5 日前",
            "赵磊",
        ):
            assert words in html

    def test_another_company_gets_the_answer_of_a_wave_that_is_not_there(self, wave, cast, signed_in):
        client = signed_in(cast.qian)
        foreign = client.get(reverse("plan:wave", args=[wave.pk]))
        missing = client.get(reverse("plan:wave", args=[wave.pk + 999]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        for name in ("plan:close", "plan:yardstick"):
            assert client.post(reverse(name, args=[wave.pk])).status_code == 404
        assert Wave.objects.get().state == "open"

    def test_a_step_is_reported_from_its_page(self, sent, wave, cast, signed_in):
        finish_sending(by=cast.zhao, at=AT, wave=wave)
        client, url = signed_in(cast.zhao), reverse("plan:step", args=[wave.pk, "report_dispatch"])
        assert url in client.get(reverse("plan:wave", args=[wave.pk])).content.decode()
        assert client.post(url, {"day": "2026-12-01", "note": "共 5 份"}).status_code == 302
        assert Duty.objects.get(rule="annual_survey.report_dispatch").state == "discharged"
        assert client.get(reverse("plan:step", args=[wave.pk, "send"])).status_code == 404

    def test_targets_are_set_and_removed(self, wave, cast, signed_in):
        client, overview = signed_in(cast.li), reverse("plan:wave", args=[wave.pk])
        for said in (
            {"kind": "target", "figure": "overall", "score": "80"},
            {"kind": "target", "figure": "product:0", "score": "81.5"},
            {"kind": "previous", "figure": "item:safety", "score": "77"},
            {"kind": "target", "figure": "overall", "score": "101"},
        ):
            client.post(reverse("plan:yardstick", args=[wave.pk]), said)
        rows = set(wave.yardsticks.values_list("kind", "of", "key"))
        assert rows == {("target", "overall", ""), ("target", "product", "球阀"), ("previous", "item", "safety")}
        html = client.get(overview).content.decode()
        assert "80.00" in html
        assert "产品安全性" in html
        row = wave.yardsticks.get(of="item")
        client.post(reverse("plan:remove_yardstick", args=[wave.pk, row.pk]))
        assert wave.yardsticks.count() == 2

    def test_closing_needs_the_right_and_a_post(self, wave, cast, signed_in):
        url = reverse("plan:close", args=[wave.pk])
        assert signed_in(cast.he).post(url).status_code == 403
        client = signed_in(cast.zhao)
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == 302
        wave.refresh_from_db()
        assert wave.state == "closed"
