"""C6 and C7 — the figures of rules held against the figures of the clauses they serve, both ways, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from manyi.core.text import Lang, Text
from manyi.language.figures import FIGURE_KEYS, Figure, agrees, figures_of_value
from manyi.language.figures_in_text import figures_in_text
from manyi.language.lint.run import Found, check, governing_clause
from manyi.language.model.procedure import Path, Procedure

WORK = ("facts", "parameters", "tables", "tiers", "questionnaires", "programmes", "records", "duties", "measures")
NO_FIGURES = frozenset({"fields", "title", "columns", "number", "tags", "rows", "outcomes", "clause"})
LANGS: tuple[Lang, ...] = ("zh", "en")


class RuleFigure(NamedTuple):
    """A figure of a rule, where it stands, the clauses it serves, and where it is written (perhaps as a parameter)."""

    path: Path
    figure: Figure
    clauses: tuple[str, ...]
    written: Path


@check("C6", "error", "规则中的数字不在条款文字中", "figure-not-in-clause: a rule's figure is not in its clause")
def figure_not_in_clause(procedure: Procedure) -> Iterator[Found]:
    """The text of one of the rule's clauses states the figure, or the figure is a settled value."""
    settled = [doubt.path for doubt in procedure.settled]
    for path, figure, clauses, source in rule_figures(procedure):
        if "remind" in path or any(source[: len(doubt)] == doubt for doubt in settled):
            continue  # a reminder may be the company's own
        for lang in LANGS:
            texts = [clause.text for n in clauses if (clause := procedure.clauses.get(n)) and clause.text]
            written = [words for text in texts if (words := getattr(text, lang))]
            if written and not any(agrees(figure, f) for words in written for f in figures_in_text(words, lang)):
                yield Found(
                    path,
                    Text(
                        f"条款 {', '.join(clauses)} 的{_LANGUAGE[lang].zh}文字中没有 {told(figure).zh}",
                        f"the {_LANGUAGE[lang].en} text of clause {', '.join(clauses)} does not say {told(figure).en}",
                    ),
                    Text(
                        "改正规则或条款文字，或作为所定的值写明理由",
                        "Correct the rule or the text, or settle it with a reason",
                    ),
                )


@check("C7", "error", "条款文字中的数字不在规则中", "figure-not-in-rule: a clause states a figure no rule has")
def figure_not_in_rule(procedure: Procedure) -> Iterator[Found]:
    """Every figure of a served clause is one of its rules' figures, or is settled there."""
    kept: dict[str, set[Figure]] = {}
    for _, figure, clauses, _ in rule_figures(procedure):
        for number in clauses:
            kept.setdefault(number, set()).add(figure)
    for number, figures in _read_figures(procedure):
        kept.setdefault(number, set()).update(figures)
    served = procedure.rules_by_clause()
    for number, clause in procedure.clauses.items():
        if clause.informative or clause.text is None or number not in served:
            continue
        for lang in LANGS:
            for figure in sorted(figures_in_text(getattr(clause.text, lang), lang), key=str):
                if not any(agrees(rule, figure) for rule in kept.get(number, ())):
                    yield Found(
                        ("clauses", number, "text", lang),
                        Text(
                            f"条款 {number} 写明 {told(figure).zh}，没有规则使用它",
                            f"clause {number} states {told(figure).en} and no rule has it",
                        ),
                        Text("改正文字或规则", "Correct the text or the rule"),
                    )


def rule_figures(procedure: Procedure) -> list[RuleFigure]:
    """The figures of every rule that names a clause; a score has the total points of its form as well."""
    return procedure.once("figures", lambda: _rule_figures(procedure))


def _rule_figures(procedure: Procedure) -> list[RuleFigure]:
    found: list[RuleFigure] = []
    for chapter in WORK:
        for path, key, value, clauses in _leaves(procedure.raw.get(chapter), (chapter,), ()):
            named = procedure.parameters.get(value)
            source: Path = ("parameters", value, "value") if named else path
            figures = figures_of_value(key, (named.value or "") if named else value)
            found += [RuleFigure(path, figure, clauses, source) for figure in figures]
    for rule in procedure.programmes.values():
        form = procedure.questionnaires.get(rule.form)
        if rule.score and form and form.points is not None:
            # The clause of a score may speak of the total its form prints; nothing asks it to.
            total: Path = ("questionnaires", rule.form, "points")
            found += [RuleFigure(total, ("number", form.points), (*form.clause, n), total) for n in rule.score.clause]
    return found


def _leaves(node: Any, path: Path, clauses: tuple[str, ...]) -> Iterator[tuple[Path, str, str, tuple[str, ...]]]:
    """Every written value that may be a figure: its path, its key, and the clauses nearest around it."""
    if isinstance(node, dict):
        if node.get("clause"):
            named = node["clause"]
            clauses = tuple(str(n) for n in (named if isinstance(named, list) else [named]))
        for key, value in node.items():
            if key == "fields" and isinstance(value, dict):
                yield from _defaults(value, (*path, key), clauses)
            elif key not in NO_FIGURES:
                yield from _leaves(value, (*path, key), clauses)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _leaves(value, (*path, number), clauses)
    elif isinstance(node, str) and clauses:
        key = next(str(part) for part in reversed(path) if isinstance(part, str))
        graded = len(path) > 1 and path[-2] in ("items", "scale")
        if graded or key in FIGURE_KEYS:
            yield path, "points" if graded else key, node, clauses


def _defaults(
    fields: dict[str, Any], path: Path, clauses: tuple[str, ...]
) -> Iterator[tuple[Path, str, str, tuple[str, ...]]]:
    """Of the fields of a form only what they are filled with beforehand is a figure."""
    for key, field in fields.items():
        if isinstance(field, dict) and isinstance(field.get("default"), str) and clauses:
            yield (*path, key, "default"), "default", field["default"], clauses


def _read_figures(procedure: Procedure) -> Iterator[tuple[str, set[Figure]]]:
    """What settled values and their readings say, by clause (a mark after its number is left out)."""
    for doubt in procedure.settled:
        holds = {governing_clause(procedure.raw, doubt.path): doubt.value}
        for place, reading in (*doubt.readings.items(), *holds.items()):
            clause = next((n for n in (place, place.split(" ")[0]) if n in procedure.clauses), place)
            base = {str(doubt.path[-1]): reading}
            leaves = _leaves({"clause": clause, **base}, doubt.path[:-1], ())
            yield clause, {figure for _, key, value, _ in leaves for figure in figures_of_value(key, value)}


_CORRECT = Text("改正规则或文字，或作为所定的值写明理由", "Correct the rule or the text, or settle it with a reason")
_LANGUAGE = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
_UNITS = {
    "minute": "分钟", "hour": "小时", "day": "天", "working_day": "个工作日",
    "week": "周", "month": "个月", "year": "年",
}  # fmt: skip


def told(figure: Figure) -> Text:
    """A figure as people write it."""
    match figure:
        case ("share", value):
            number = _plain(value * 100)
            return Text(f"{number}%", f"{number} %")
        case ("duration", 0, "day"):
            return Text("当天", "the same day")
        case ("duration", amount, unit):
            return Text(f"{amount} {_UNITS[unit]}", f"{amount} {unit.replace('_', ' ')}{'s' * (amount != 1)}")
        case ("date", month, day):
            return Text(f"{month} 月 {day} 日", f"{month:02}-{day:02}")
        case ("time", hour, minute):
            return Text(f"{hour}:{minute:02}", f"{hour}:{minute:02}")
        case ("month", month):
            return Text(f"{month} 月", f"month {month}")
    return Text(_plain(figure[1]), _plain(figure[1]))


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))
