"""P12 holds what its document asks for: each item's figure, role, day or name, at its place in the file.

Figures are those of the acceptance list (D9-01 … D9-34); its chapter of holes and contradictions is tested below.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.language.files import shipped

from manyi.core.durations import Duration
from manyi.core.predicates import facts_in
from manyi.core.text import Text
from manyi.language.lint.figures import rule_figures
from manyi.language.model.values import DayOfYear
from manyi.language.model.work import ProgrammeRule

P12 = shipped("P12")
ANNUAL = P12.programmes["annual_survey"]
SHEET = P12.questionnaires["satisfaction_sheet"]
STEPS = {f"{kind}.{step.key}": step for kind, rule in {**P12.programmes, **P12.records}.items() for step in rule.steps}


def at(path: str) -> Any:
    """The plain value at a dotted path of the file."""
    node: Any = P12.raw
    for part in path.split("/"):
        node = node[int(part)] if isinstance(node, list) else node[part]
    return node


def served(clause: str, path: str) -> bool:
    """Whether the rule at ``path`` (or one inside it) names ``clause``."""
    places = ["/".join(str(part) for part in place) for place in P12.rules_by_clause().get(clause, [])]
    return any(place == path or place.startswith(f"{path}/") for place in places)


@pytest.mark.accepts("D9-01", "D9-02", "D9-03", "D9-04")
def test_aim_scope_roles_and_reference() -> None:
    assert P12.clauses["1"].informative
    assert "改进产品质量" in P12.clauses["1"].text.zh
    assert "国内外" in P12.clauses["2"].text.zh
    assert facts_in(ANNUAL.where) == {"annual_sales"}, "nobody is left out by country"
    assert P12.roles["sales_company"].title.zh == "销售公司"
    assert {STEPS[f"annual_survey.{key}"].role for key in ("send", "collect")} == {"sales_company"}
    titles = {role.title.zh for role in P12.roles.values()}
    assert titles >= {"品保部", "品保部客服课", "总经理", "责任部门", "销售人员"}
    assert P12.roles["customer_service"].part_of == "quality_assurance"
    assert STEPS["annual_survey.analyse"].role == STEPS["yearly_report.prepare"].role == "quality_assurance"
    assert STEPS["corrective_action.do"].role == "responsible_department"
    assert [reference.title.zh for reference in P12.procedure.references] == ["纠正和预防措施控制程序"]


@pytest.mark.accepts("D9-05", "D9-06", "D9-07")
def test_when_a_survey_is_made() -> None:
    (yearly,) = ANNUAL.opens
    assert (yearly.every, yearly.in_, yearly.clause) == ("year", 12, ("5.1.1",))
    special = P12.programmes["special_survey"].opens
    assert [occasion.event for occasion in special if occasion.event] == [("quality.major_trouble",)]
    assert {o.called_by for o in special if o.clause == ("5.1.2",) and o.called_by} == {"sales_company"}
    new = P12.programmes["new_product_survey"]
    assert (new.opens[0].event, new.steps[0].within) == (("product.launched",), Duration(3, "month"))


ITEMS = {
    "product_quality": (50, {"main_indicators": 20, "maintainability": 10, "ease_of_use": 10, "stability": 5, "safety": 5}),
    "service": (15, {"service_timeliness": 5, "service_effectiveness": 5, "service_attitude": 5}),
    "price_performance": (20, {"price_performance": 20}),
    "delivery": (10, {"delivery_timeliness": 5, "delivery_reliability": 5}),
    "competitor_comparison": (5, {"competitor_comparison": 5}),
}  # fmt: skip


@pytest.mark.accepts("D9-09", "D9-10", "D9-11", "D9-12", "D9-13")
def test_items_and_points() -> None:
    assert list(SHEET.dimensions) == list(ITEMS)
    for key, (points, items) in ITEMS.items():
        assert SHEET.dimensions[key].points == points
        assert {name: item.points for name, item in SHEET.dimensions[key].items.items()} == items
    assert sum(points for points, _ in ITEMS.values()) == SHEET.points == 100


@pytest.mark.accepts("D9-08", "D9-14", "D9-15", "D9-16")
def test_the_sheet_whom_to_ask_and_how() -> None:
    assert SHEET.owner == "quality_assurance"
    (floor,) = ANNUAL.sample.floors
    assert (floor.of, floor.at_least, floor.clause) == ("all", Fraction(78, 100), ("5.3.1",))
    assert {P12.title_of(channel).zh for channel in ANNUAL.channels} >= {"邮寄", "传真", "电邮"}
    key_accounts, others = P12.tiers["by_sales"]
    assert key_accounts.at_least == Fraction(90, 100)
    assert facts_in(key_accounts.where) == {"product_sales_rank", "annual_sales"}
    named = {f.figure for f in rule_figures(P12) if f.path[:4] == ("tiers", "by_sales", 0, "where")}
    assert named == {("number", Fraction(20)), ("number", Fraction(5_000_000))}
    assert others.at_least is None
    assert (P12.facts["product_sales_rank"].among, P12.facts["product_sales_rank"].rank) == ("product", "sales.amount")
    assert ANNUAL.per == "product"
    assert "product" in SHEET.fields
    assert "5.3.1.2" in ANNUAL.clause


@pytest.mark.accepts("D9-17", "D9-18", "D9-19")
def test_dispatch_returns_and_visits() -> None:
    send, report, collect = (STEPS[f"annual_survey.{key}"] for key in ("send", "report_dispatch", "collect"))
    assert (send.due, send.evidence) == (DayOfYear(12, 5), ("receipt",))
    assert (report.due, [hearing.role for hearing in report.inform]) == (DayOfYear(12, 7), ["quality_assurance"])
    assert send.clause == report.clause == ("5.3.1.3",)
    assert (collect.at_least, collect.within, collect.from_) == (Fraction(60, 100), Duration(1, "month"), "send")
    assert "5.3.2" in collect.clause
    visits = [o for o in P12.programmes["special_survey"].opens if o.clause == ("5.3.3",)]
    assert [occasion.called_by for occasion in visits] == ["sales_staff"]
    assert "visit" in ANNUAL.channels


@pytest.mark.accepts("D9-20", "D9-21", "D9-22", "D9-23", "D9-24")
def test_grades_blanks_and_the_rules_of_the_score() -> None:
    assert [P12.title_of(key).zh for key in SHEET.scale.grades] == ["满意", "比较满意", "一般", "不太满意", "不满意"]
    assert list(SHEET.scale.grades.values()) == [100, 80, 60, 40, 20]
    assert (SHEET.unanswered.counts_as, SHEET.unanswered.clause) == ("fairly_satisfied", ("5.4.1",))
    score = ANNUAL.score
    assert (score.method, score.over, score.clause) == ("points", "returned", ("5.4.2",))
    assert SHEET.points == 100, "the divisor of a sheet's satisfaction"
    assert ANNUAL.per == "product", "a score for each product"
    assert score.overall == "weighted by sales"


@pytest.mark.accepts("D9-25", "D9-26", "D9-27", "D9-28")
def test_comparison_inclusion_and_attention() -> None:
    assert (P12.measures["below_target"].at_least, P12.measures["below_target"].clause) == ("target", ("5.5.1",))
    assert (P12.measures["below_previous"].at_least, P12.measures["below_previous"].clause) == ("previous", ("5.5.2",))
    opened = {event for occasion in P12.records["corrective_action"].opens for event in occasion.event}
    assert opened == {"below_target.breached", "below_previous.breached", "annual_survey.focus"}
    assert "5.6.1" in STEPS["annual_survey.collect"].clause
    assert [hearing.role for hearing in STEPS["annual_survey.collect"].inform] == ["quality_assurance"]
    assert set(ANNUAL.includes.of) == set(P12.programmes) - {"annual_survey"}
    assert all(isinstance(p, ProgrammeRule) and p.score.method == "points" for p in P12.programmes.values())
    lowest_item, lowest_product, written, fell = ANNUAL.focus
    assert (lowest_item.lowest, lowest_item.per) == ("item", "product")
    assert lowest_product.lowest == "product"
    assert written.written == "comment"
    assert fell.fell == ("item", "dimension", "product")
    assert {focus.clause for focus in ANNUAL.focus} == {("5.6.3",)}


@pytest.mark.accepts("D9-29", "D9-30", "D9-31")
def test_the_yearly_report_and_abnormal_information() -> None:
    report = P12.records["yearly_report"]
    assert report.title.zh == "顾客满意度调查及分析报告"
    (yearly,) = report.opens
    assert (yearly.every, yearly.in_, yearly.covers) == ("year", 1, "previous")
    assert STEPS["yearly_report.prepare"].due == DayOfYear(1, 31)
    assert STEPS["yearly_report.submit"].role == "general_manager"
    register = STEPS["quality_information.register"]
    assert register.fields["kind"].choices == ("product_nonconformity", "service_nonconformity")
    assert register.within == Duration(0, "day")
    assert [hearing.role for hearing in register.inform] == ["customer_service"]
    assert P12.records["quality_information"].title.zh == "顾客质量信息反馈"
    assert STEPS["quality_information.handle"].outcomes["needs_action"].open == "corrective_action"


@pytest.mark.accepts("D9-32", "D9-33", "D9-34")
def test_written_answers_filing_and_records() -> None:
    answer = STEPS["written_answer.answer"]
    assert (answer.role, answer.evidence) == ("customer_service", ("letter",))
    (occasion,) = P12.records["written_answer"].opens
    assert occasion.event == ("annual_survey.sheet",)
    assert facts_in(occasion.when) == {"comment"}
    filed = P12.duties["file_survey"]
    assert (filed.every, filed.covers, filed.role) == ("year", "previous", "quality_assurance")
    assert set(filed.evidence) == {"annual_survey.sheets.archived", "yearly_report.archived"}
    named = {
        str(at(path)) for path in ("questionnaires/satisfaction_sheet/title/zh", "records/quality_information/title/zh")
    }
    assert named == {"顾客满意度调查表", "顾客质量信息反馈"}
    assert served("6", "questionnaires/satisfaction_sheet")
    assert served("6", "records/quality_information")


CLAUSES = [
    "1",
    "2",
    "3.1",
    "3.2",
    "4",
    "5.1.1",
    "5.1.2",
    "5.1.3",
    "5.2.1",
    "5.2.2",
    "5.3.1",
    "5.3.1.1",
    "5.3.1.2",
    "5.3.1.3",
    "5.3.2",
    "5.3.3",
    "5.4.1",
    "5.4.2",
    "5.5.1",
    "5.5.2",
    "5.6.1",
    "5.6.2",
    "5.6.3",
    "5.6.4",
    "5.7.1",
    "5.7.2",
    "5.7.3",
    "5.8",
    "6",
]


def test_every_clause_of_the_document_is_there_in_both_languages() -> None:
    assert list(P12.clauses) == CLAUSES
    assert all(clause.text and clause.text.zh and clause.text.en for clause in P12.clauses.values())


def test_everything_with_a_title_has_it_in_both_languages() -> None:
    titles: list[tuple[str, Text]] = []

    def collect(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "title":
                    titles.append((path, Text(**value) if isinstance(value, dict) else Text(value)))
                collect(value, f"{path}/{key}")
        elif isinstance(node, list):
            for number, value in enumerate(node):
                collect(value, f"{path}/{number}")

    collect({key: value for key, value in P12.raw.items() if key != "clauses"}, "")
    assert [path for path, title in titles if not (title.zh and title.en)] == []
    steps = [
        f"/{kind}/{key}/steps/{n}"
        for kind in ("programmes", "records")
        for key, rule in P12.raw[kind].items()
        for n in range(len(rule["steps"]))
    ]
    assert set(steps) <= {path for path, _ in titles}
    assert [key for key, title in P12.words.items() if not (title.zh and title.en)] == []


SETTLED = [
    # number of the chapter of holes, where it is settled, the value, the readings
    (1, "questionnaires/satisfaction_sheet/dimensions/service/points", "15", {"5.2.2": "20"}),
    (2, "questionnaires/satisfaction_sheet/scale", {"satisfied": "100", "fairly_satisfied": "80", "neutral": "60", "rather_dissatisfied": "40", "dissatisfied": "20"}, {}),
    (2, "parameters/target_score/value", None, {}),
    (4, "questionnaires/satisfaction_sheet/owner", "quality_assurance", {"3.2": "quality_assurance", "5.2.1": "sales_company"}),
    (6, "programmes/annual_survey/includes/of", ["special_survey", "new_product_survey"], {}),
    (13, "programmes/annual_survey/sample/draw", "by hand", {}),
    (15, "programmes/annual_survey/score/over", "returned", {}),
    (15, "programmes/annual_survey/score/unmeasured", "renormalised", {}),
    (15, "facts/product_sales_rank/ties", "together", {}),
    (16, "programmes/annual_survey/sample/counts", "asked", {}),
    (16, "programmes/annual_survey/sample/frame_on", "12-05", {}),
    (17, "programmes/annual_survey/sample/floors/0/of", "all", {"5.3.1": "all", "5.3.1.1": "others"}),
    (17, "facts/product_sales_rank/over", "calendar year", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "readings"),
    [case[1:] for case in SETTLED],
    ids=[f"{case[0]}-{case[1].split('/')[-1]}" for case in SETTLED],
)
def test_a_hole_or_contradiction_is_settled_with_its_readings(path: str, value: Any, readings: dict[str, str]) -> None:
    doubt = next(d for d in P12.settled if "/".join(str(part) for part in d.path) == path)
    assert (doubt.value, dict(doubt.readings)) == (value, readings)


def test_every_settled_value_has_its_reason_in_both_languages() -> None:
    assert [d.path for d in P12.settled if not (d.reason and d.reason.zh and d.reason.en)] == []


def test_names_written_in_several_ways_are_kept_as_readings() -> None:
    """Hole 5: two names of the report, three of the corrective procedure."""
    names = {
        "/".join(str(p) for p in d.path): {str(r["zh"]) for r in d.readings.values()}
        for d in P12.settled
        if d.path[-1] == "title"
    }
    assert names["records/yearly_report/title"] == {"顾客满意度调查结果及分析报告", "顾客满意度调查及分析报告"}
    assert len(names["records/corrective_action/title"]) == 3


def test_defective_print_is_told() -> None:
    """Holes 3 and 6: numbers run together, a word missing."""
    assert {number for number, clause in P12.clauses.items() if clause.printed} == {"5.1.2", "5.1.3", "5.6.2"}
