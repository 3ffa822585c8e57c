"""What the reader says of each construct, in both languages; nothing of the file's own keys shows through."""

from __future__ import annotations

import re

import pytest
from tests.language.files import PROCEDURES, shipped

from manyi.language.load import read_procedure
from manyi.language.reading import read_clauses

FILE = """manyi: 1
procedure: {key: t, code: T, title: {zh: 试, en: Try}, revision: A}
roles:
  desk: {title: {zh: 前台, en: Desk}, per: unit}
  boss: {title: {zh: 主管, en: Boss}, deputy: true}
parameters: {soon: {title: {zh: 尽快, en: Soon}, clause: 1, value: 2 days}}
playbooks: {talk: {title: {zh: 交谈, en: Talk}, situations: [{key: angry, title: {zh: 生气, en: Angry}, do: [{zh: 先听, en: Listen}], never_say: [{zh: 不行, en: No}]}]}}
measures:
  covered: {title: {zh: 覆盖, en: Covered}, clause: 9, figure: cells, of: visit, per: [area, shift], every: quarter, at_least: 100%}
records:
  visit:
    title: {zh: 走访, en: Visit}
    clause: 1
    number: "V-{seq}"
    opens: {every: year, times: 2, per: desk, clause: 1}
    gates: order.accepted
    purpose: appraisal
    contains: [{records: visit, by: area}, {chart: pie, of: visit, by: area}, {sum: visit.cost}]
    steps:
      - {key: agree, clause: 2, title: {zh: 约定, en: Agree}, role: desk, within: soon, not_before: 03-01, attempts: 2, playbook: talk.angry, fields: {agreed_at: {type: datetime, title: {zh: 约定时间, en: Agreed time}, default: next day 17:00}, area: [north, south], shift: text, cost: money, who_goes: users}, outcomes: {yes_please: next, no_time: agree}}
      - {key: travel, clause: 3, title: {zh: 出发, en: Set out}, role: {field: who_goes}, due: 15 minutes before agreed_at, in_person: true, remind: [2 hours before], escalate: {to: boss, after: 1 day}, emits: service.performed}
      - {key: review, clause: 4, title: {zh: 评审, en: Review}, all: [{key: one, title: {zh: 甲审, en: First}, role: desk, clause: 5}, {key: two, title: {zh: 乙审, en: Second}, role: boss}], when: "agree.outcome = 'yes_please' and area = 'north'"}
      - {key: close_it, clause: 6, title: {zh: 了结, en: Settle}, role: {field: per}, event: visit.travel, consult: {role: boss, when: "count(who_goes) > 1"}, independent_of: everyone, draw: {of: visit, n: 3}, outcomes: {fine: close, again: {then: agree, open: visit, needs: shift}}}
words:
  yes_please: {zh: 可以, en: Agreed to}
  no_time: {zh: 没时间, en: No time}
  north: {zh: 北区, en: North}
  south: {zh: 南区, en: South}
  area: {zh: 区域, en: Area}
  shift: {zh: 班次, en: Shift}
  cost: {zh: 费用, en: Cost}
  who_goes: {zh: 前往的人, en: Who goes}
  fine: {zh: 妥当, en: Fine}
  again: {zh: 再来, en: Again}
clauses: {"1": {text: 一}, "2": {text: 二}, "3": {text: 三}, "4": {text: 四}, "5": {text: 五}, "6": {text: 六}, "9": {text: 九}}
"""
SAID = {
    "1": ["至少 2 次", "每个前台各一份", "完成之前不得：接受订单", "用于考核", "内容：各份“走访”，按区域；饼图（走访），按区域；走访·费用的合计"],
    "2": ["“尽快”规定的时间内", "不早于 3 月 1 日", "最多尝试 2 次", "参照行为指引“交谈·生气”",
          "填写：约定时间（预填 次日 17:00）、区域（北区、南区）、班次、费用、前往的人", "结果：可以→下一步；没时间→“约定”"],
    "3": ["由前往的人负责", "最迟：“约定时间”前 15 分钟", "须亲自进行，不得代理", "提醒：到期前 2 小时", "逾期 1 天报主管", "即视为“完成服务”"],
    "4": ["条件：“约定”的结果 = “可以” 且 区域 = “北区”", "同时进行：甲审（前台）、乙审（主管）"],
    "6": ["由所针对的部门或人员负责", "等待：走访·出发", "先征求意见：主管（当“前往的人”的项数 > 1）", "从“走访”中随机抽取 3 个",
          "不得由参与过的人进行", "结果：妥当→结束；再来→“约定”，并启动“走访”（须填“班次”）"],
    "9": ["走访的已覆盖的组合比例（区域 × 班次）不低于 100%", "每季度"],
}  # fmt: skip


@pytest.mark.parametrize("clause", SAID)
def test_every_construct_has_its_sentence(clause: str) -> None:
    procedure = read_procedure(FILE, "t")
    rules = next(found.rules for found in read_clauses(procedure) if found.number == clause)
    told = "\n".join(sentence.zh for rule in rules for sentence in rule.says)
    assert [words for words in SAID[clause] if words not in told] == []


@pytest.mark.parametrize("name", PROCEDURES)
def test_no_key_of_the_file_shows_through(name: str) -> None:
    shown = {
        word
        for clause in read_clauses(shipped(name))
        for rule in clause.rules
        for text in (rule.title, *rule.says)
        for word in re.findall(r"[a-z]+_[a-z_]+", re.sub(r"\{[^}]*\}", "", text.zh + text.en))
    }
    assert shown == set()
