"""The holes and contradictions of the source documents that show in a procedure: each is found, and found as settled."""

from __future__ import annotations

from functools import cache

import pytest
from tests.language.files import linted

from manyi.language.lint import LintFinding


@cache
def settled(name: str) -> tuple[LintFinding, ...]:
    return tuple(f for f in linted(name) if f.state == "settled")


DOUBTS = [
    ("1 service headed 20, its items make 15", "P12", "P1", "dimensions.service.points", "15"),
    ("1 and then the whole makes 105", "P12", "P2", "satisfaction_sheet.points", "105"),
    ("2 the raw scores of the grades are lost", "P12", "P3", "satisfaction_sheet.scale", ""),
    ("2 the target is not given", "P12", "V3", "parameters.target_score", ""),
    ("2 the table of frequencies is lost", "P10", "C3", "clauses.5.2.3", ""),
    ("2 annex A is missing", "P09", "C3", "clauses.5.5.1", ""),
    ("2 the flow chart is missing", "P08", "C3", "clauses.4.2.2.4", ""),
    ("2 the last article is cut off", "P03", "C3", "clauses.18", ""),
    ("2 the list of records is cut off", "P01", "C3", "clauses.6", ""),
    ("3 two numbers for three rules", "P12", "C3", "clauses.5.1.2", ""),
    ("4 two authors of the form", "P12", "P6", "satisfaction_sheet.owner", "sales_company"),
    ("5 two names of the report", "P12", "N4", "yearly_report.title", "5.6.4"),
    ("5 three names of the corrective procedure", "P12", "N4", "corrective_action.title", "5.7.2"),
    ("6 a word is missing", "P12", "C3", "clauses.5.6.2", ""),
    ("7 two approvers of special contracts", "P08", "F5", "requirement_review.steps[8].role", "4.2.2.7"),
    ("7 the technical office reviews nowhere", "P08", "N5", "roles.technical", ""),
    ("7 the finance office reviews nowhere", "P08", "N5", "roles.finance", ""),
    ("8 two families of codes", "P07", "N4", "procedure.code", "XXX"),
    ("8 two names of the sheet", "P07", "N4", "satisfaction_sheet.title", "6.1"),
    ("8 a record without a code", "P07", "C3", "clauses.6.2", ""),
    ("8 the sales department under two names", "P07", "N4", "roles.sales_department.title", ""),
    ("9 chapters are missing", "P09", "C3", "clauses.4.1", "3"),
    ("9 a number that belongs elsewhere", "P09", "C3", "clauses.4.4.3.4", ""),
    ("10 exactly a million is in two tiers", "P01", "S1", "tiers.by_usage[1].where", "1000000"),
    ("10 exactly half a million is in two tiers", "P01", "S1", "tiers.by_usage[2].where", "500000"),
    ("10 some customers are in no tier", "P01", "S3", "tiers.by_usage[3]", ""),
    ("11 the calendar of the eight hours is not said", "P01", "V5", "customer_feedback.calendar", ""),
    ("12 one unit under four names", "P01", "N4", "roles.after_sales.title", "4.3.3.2"),
    ("13 a coverage without a method of drawing", "P12", "V5", "annual_survey.sample.draw", ""),
    ("14 no return rate", "P02", "V3", "opinion_survey.steps[2].at_least", ""),
    ("14 no target", "P03", "V3", "parameters.standard_score", ""),
    ("15 divided by which sheets", "P12", "G4", "annual_survey.score", ""),
    ("15 products without a sheet", "P12", "G5", "annual_survey.score", ""),
    ("15 who shares place 20", "P12", "V5", "product_sales_rank.ties", "20"),
    ("16 who counts as asked", "P12", "G3", "annual_survey.sample", ""),
    ("16 who counts as asked", "P01", "G3", "electric_survey.sample", ""),
    ("17 of whom 78 % is meant", "P12", "V5", "floors[0].of", "78"),
    ("17 sales of which year", "P12", "V5", "product_sales_rank.over", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "id_", "path", "says"), [d[1:] for d in DOUBTS], ids=[f"{d[1]} {d[0]}" for d in DOUBTS]
)
def test_a_doubt_of_the_document_is_found_as_settled(name: str, id_: str, path: str, says: str) -> None:
    found = [f for f in settled(name) if f.id == id_ and path in f.path]
    assert found
    assert any(says in f.message.en for f in found)


def test_all_seventeen_groups_are_there() -> None:
    assert {int(what.split(" ")[0]) for what, *_ in DOUBTS} == set(range(1, 18))
