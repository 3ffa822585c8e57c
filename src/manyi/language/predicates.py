"""Conditions written as SQL boolean expressions, parsed to a whitelist; nothing else of SQL gets through."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from manyi.core.figures import from_text
from manyi.core.predicates import (
    And,
    Arithmetic,
    Compare,
    Constant,
    Fact,
    In,
    IsNull,
    Not,
    Or,
    Predicate,
    Term,
    Truth,
    Value,
)
from manyi.core.text import Text

LONGEST, DEEPEST = 2000, 50
_COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_SETS = re.compile(r"\b(any|all)\s+([a-z_][a-z0-9_.]*)\s*(?=[=<>!]|in\b|is\b)", re.IGNORECASE)
_COUNT = re.compile(r"\bcount\(\s*([a-z_][a-z0-9_.]*)\s*\)", re.IGNORECASE)


class BadCondition(ValueError):
    """A condition that is refused, with the reason in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


@lru_cache(maxsize=5000)
def parse_predicate(text: str) -> Predicate:
    """A condition as a ``core`` predicate; raises ``BadCondition`` for anything outside the whitelist.

    Allowed: ``and or not = <> < <= > >= in between is null + - *``, numbers, quoted text, ``true`` and ``false``,
    dotted names, ``any f``, ``all f`` and ``count(f)``; these last three are facts named ``any.f``, ``all.f``
    and ``count.f``, which whoever supplies the facts computes.

    >>> parse_predicate("annual_sales > 5000000").operator
    '>'
    """
    if '"' in text:
        _refuse("条件中的文字用单引号", "texts in a condition stand in single quotes")
    if len(text) > LONGEST:
        _refuse("条件超过 2000 字", "the condition is longer than 2000 characters")
    if max(_depths(text)) > DEEPEST:
        _refuse("条件嵌套过深", "the condition is nested too deeply")
    if re.search(r"--|/\*|;|\\|`|\x00", text):
        _refuse("条件中不得有注释、分号或转义", "comments, semicolons and escapes are not allowed in a condition")
    named = _COUNT.sub(r'"count".\1', _SETS.sub(lambda m: f'"{m[1].lower()}".{m[2]} ', text))
    try:
        parsed = sqlglot.parse(f"SELECT 1 WHERE {named}", read="duckdb")
        arguments = parsed[0].args if len(parsed) == 1 and parsed[0] else {}
        where = arguments.get("where")
        extra = {k for k, v in arguments.items() if v} - {"where", "expressions", "kind"}
    except (SqlglotError, RecursionError, KeyError, ValueError):
        where, extra = None, set()
    if where is None or extra:
        _refuse("不是一个条件表达式", "this is not one boolean expression")
    return _predicate(where.this)


def _depths(text: str) -> list[int]:
    depths, depth = [0], 0
    for word in re.findall(r"[()]|\bnot\b", text, re.IGNORECASE):
        depth += -1 if word == ")" else 1
        depths.append(depth)
    return depths


def _predicate(node: Any) -> Predicate:
    match node:
        case exp.Paren():
            return _predicate(node.this)
        case exp.And() | exp.Or():
            parts = tuple(_predicate(part) for part in node.flatten())
            return And(parts) if isinstance(node, exp.And) else Or(parts)
        case exp.Not():
            return Not(_predicate(node.this))
        case exp.Is():
            if isinstance(node.expression, exp.Null):
                return IsNull(_term(node.this))
        case exp.In() if not node.args.get("query") and node.expressions:
            return In(_term(node.this), tuple(_constant(value) for value in node.expressions))
        case exp.Between():
            term = _term(node.this)
            return And((Compare(">=", term, _term(node.args["low"])), Compare("<=", term, _term(node.args["high"]))))
        case exp.Column() | exp.Boolean() | exp.Dot():
            return Truth(_term(node))
    if type(node) in _COMPARISONS:
        return Compare(_COMPARISONS[type(node)], _term(node.this), _term(node.expression))  # type: ignore[arg-type]
    return _refuse(f"条件中不允许：{_shown(node)}", f"not allowed in a condition: {_shown(node)}")


def _term(node: Any) -> Term:
    match node:
        case exp.Paren():
            return _term(node.this)
        case exp.Column() | exp.Dot():
            return Fact(_name(node))
        case exp.Literal() | exp.Boolean() | exp.Neg():
            return Constant(_constant(node))
    if type(node) in _ARITHMETIC:
        return Arithmetic(_ARITHMETIC[type(node)], _term(node.this), _term(node.expression))  # type: ignore[arg-type]
    return _refuse(f"条件中不允许：{_shown(node)}", f"not allowed in a condition: {_shown(node)}")


def _name(node: Any) -> str:
    name = ".".join(part.name for part in node.parts)
    if not re.fullmatch(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*", name):
        _refuse(f"“{name}”不是事实的名称", f"“{name}” is no name of a fact")
    return name


def _constant(node: Any) -> Value:
    match node:
        case exp.Boolean():
            return bool(node.this)
        case exp.Literal() if node.is_string:
            return str(node.this)
        case exp.Literal():
            return _exact(node.this)
        case exp.Neg(this=exp.Literal() as literal) if not literal.is_string:
            return -_exact(literal.this)
        case exp.Column():  # a bare word in a list of values is a key
            return _name(node)
    return _refuse(f"这里应为数字或文字：{_shown(node)}", f"expected a number or a text here: {_shown(node)}")


def _exact(text: str) -> Fraction:
    try:
        return from_text(text)
    except ValueError:
        return _refuse(f"“{text}”不是数字", f"“{text}” is no number")


def _shown(node: Any) -> str:
    try:
        return str(node)[:60]
    except RecursionError:
        return "…"


def _refuse(zh: str, en: str) -> NoReturn:
    raise BadCondition(zh, en)
