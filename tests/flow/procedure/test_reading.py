"""A procedure read back in sentences: every shipped file, both languages, figures as the file has them."""

import pytest

from manyi.language.load import read_procedure
from manyi.language.reading import read_clauses
from manyi.library import find_procedure, list_procedures


def rules_of(key: str):
    procedure = read_procedure(find_procedure(key).read_text(encoding="utf-8"), key)
    return {clause.number: clause.rules for clause in read_clauses(procedure)}


def said(rules, lang: str) -> str:
    return "\n".join(f"{rule.title.in_(lang)}: {sentence.in_(lang)}" for rule in rules for sentence in rule.says)


@pytest.mark.parametrize("key", list_procedures())
def test_every_rule_of_every_shipped_procedure_is_told_in_both_languages(key):
    for rules in rules_of(key).values():
        for rule in rules:
            assert rule.line > 1
            for text in (rule.chapter, rule.title, *rule.says):
                assert text.zh.strip(), rule.path
                assert text.en.strip(), rule.path


@pytest.mark.accepts("D9-09", "D9-10", "D9-12", "D9-13")
def test_the_points_of_the_sheet_are_told():
    told = said(rules_of("P12")["5.2.2"], "en")
    for points in ("Product quality: 50 points", "Service: 15 points", "Delivery: 10 points", "competitors: 5 points"):
        assert points in told
    assert "Main quality indicators 20 points, Maintainability 10 points, Ease of use 10 points" in told


@pytest.mark.accepts("D9-14", "D9-15", "D9-17", "D9-18", "D9-20")
def test_floors_days_and_the_rule_for_blanks_are_told():
    rules = rules_of("P12")
    assert "全部顾客的调查率不低于 78%" in said(rules["5.3.1"], "zh")
    assert "单项产品销售额名次 ≤ 20 或 年销售额 > 5000000" in said(rules["5.3.1.1"], "zh")
    assert "调查率不低于 90%" in said(rules["5.3.1.1"], "zh")
    assert {"12 月 5 日前", "12 月 7 日前"} <= {s.zh for rule in rules["5.3.1.3"] for s in rule.says}
    assert {"不低于 60%", "自“发放调查表并建立台账”起 1 个月内"} <= {s.zh for r in rules["5.3.2"] for s in r.says}
    assert "未填写的小项按“比较满意”计" in said(rules["5.4.1"], "zh")


def test_a_changed_figure_changes_what_is_told():
    text = find_procedure("P12").read_text(encoding="utf-8").replace("at_least: 90%", "at_least: 91%")
    rules = next(c.rules for c in read_clauses(read_procedure(text, "P12")) if c.number == "5.3.1.1")
    assert "调查率不低于 91%" in said(rules, "zh")
