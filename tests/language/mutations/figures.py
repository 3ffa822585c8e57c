"""Figures of rules and of texts that no longer agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.language.mutating import File, Site, leaves, uses
from tests.language.mutations.registry import mutation

from manyi.language.figures_in_text import figures_in_text
from manyi.language.model.procedure import Path
from manyi.language.model.values import LIMIT_WORDS, MONTHS

SPAN = re.compile(r"(\d+) (minutes?|hours?|days?|working days?|weeks?|months?|years?)")
RULES = ("tiers", "questionnaires", "programmes", "records", "duties", "measures")


def _served(file: File, path: Path) -> bool:
    """Whether a clause with a text governs the place."""
    node, found = file.procedure.raw, []
    for part in path:
        if isinstance(node, dict):
            named = node.get("clause") or found
            found = named if isinstance(named, list) else [named]
        node = node[part]  # type: ignore[index]
    return any(number in file.procedure.clauses for number in found)


def _figures(file: File, keys: set[str]) -> Iterator[tuple[Path, str]]:
    for path, value in leaves(file.tree):
        if path[0] in RULES and path[-1] in keys and "contains" not in path and _served(file, path):
            yield path, value


@mutation
def a_share_changed(file: File) -> Iterator[Site]:
    for path, value in _figures(file, set(LIMIT_WORDS)):
        if re.fullmatch(r"\d+%", value):
            yield Site(path, f"{int(value[:-1]) - 7}%")


@mutation
def a_share_without_per_cent(file: File) -> Iterator[Site]:
    for path, value in _figures(file, set(LIMIT_WORDS)):
        if re.fullmatch(r"\d+%", value):
            yield Site(path, value[:-1])


@mutation
def a_count_changed(file: File) -> Iterator[Site]:
    for path, value in _figures(file, {*LIMIT_WORDS, "attempts", "times", "n"}):
        if re.fullmatch(r"\d+", value) and value != "0":
            yield Site(path, str(int(value) + 17))


@mutation
def a_term_changed(file: File) -> Iterator[Site]:
    for path, value in _figures(file, {"within", "keep", "over", "after"}):
        if match := SPAN.fullmatch(value):
            yield Site(path, f"{int(match[1]) + 13} {match[2]}")


@mutation
def a_term_in_another_unit(file: File) -> Iterator[Site]:
    for path, value in _figures(file, {"within", "over", "after"}):
        if match := SPAN.fullmatch(value):
            yield Site(path, f"{match[1]} {'weeks' if 'hour' in match[2] else 'hours'}")


@mutation
def the_same_day_changed(file: File) -> Iterator[Site]:
    for path, value in _figures(file, {"within"}):
        if value in ("same day", "next day"):
            yield Site(path, "5 days")


@mutation
def a_day_changed(file: File) -> Iterator[Site]:
    for path, value in _figures(file, {"due", "not_before", "frame_on"}):
        if match := re.fullmatch(r"(\d\d)-(\d\d)", value):
            yield Site(path, f"{match[1]}-{int(match[2]) % 27 + 1:02}")


@mutation
def a_month_changed(file: File) -> Iterator[Site]:
    for path, value in _figures(file, {"in"}):
        if value in MONTHS:
            yield Site(path, MONTHS[(MONTHS.index(value) + 5) % 12])


@mutation
def a_weight_changed(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree.get("questionnaires", {})):
        if "items" in path and re.fullmatch(r"\d+", value) and path[-2] == "items":
            yield Site(("questionnaires", *path), str(int(value) + 3))


@mutation
def the_points_of_a_dimension_changed(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree.get("questionnaires", {})):
        if path[-1] == "points" and re.fullmatch(r"\d+", value):
            yield Site(("questionnaires", *path), str(int(value) + 10))


@mutation
def a_border_doubled(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if path[0] in RULES and path[-1] in ("where", "when", "among") and _served(file, path):
            for match in re.finditer(r"(?<=[<>=] )[1-9]\d*", value):
                yield Site(path, f"{value[: match.start()]}{int(match[0]) * 2}{value[match.end() :]}")


@mutation
def a_parameter_changed(file: File) -> Iterator[Site]:
    for key, rule in file.tree.get("parameters", {}).items():
        value = rule.get("value")
        if isinstance(value, str) and rule.get("clause") and (match := re.match(r"(\d+)", value)):
            path = ("parameters", key, "value")
            yield Site(path, f"{int(match[1]) + 11}{value[match.end() :]}", also=uses(file, key))


def _in_text(file: File, lang: str) -> Iterator[Site]:
    for number, clause in file.tree.get("clauses", {}).items():
        text = clause.get("text")
        words = text.get(lang) if isinstance(text, dict) else None
        if not words or clause.get("informative") or number not in file.procedure.rules_by_clause():
            continue
        for match in re.finditer(
            r"(?<![\w.,/-])\d{1,3}(?= ?%| ?月| ?个月| ?小时| ?天| hours?| days?| months?| December| January)", words
        ):
            spoilt = f"{words[: match.start()]}{(int(match[0]) + 4) % 12 + 13}{words[match.end() :]}"
            if figures_in_text(spoilt, lang) != figures_in_text(words, lang):  # type: ignore[arg-type]
                yield Site(("clauses", number, "text", lang), spoilt)


@mutation
def a_figure_of_the_Chinese_text_changed(file: File) -> Iterator[Site]:
    yield from _in_text(file, "zh")


@mutation
def a_figure_of_the_English_text_changed(file: File) -> Iterator[Site]:
    yield from _in_text(file, "en")
