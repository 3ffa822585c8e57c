"""Records, duties, measures and surveys that cannot work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.language.mutating import GONE, File, Site, at, leaves, plain, steps, uses, works
from tests.language.mutations.registry import mutation

from manyi.language.model.procedure import Path
from manyi.language.model.values import CADENCES, LIMIT_WORDS


@mutation
def a_number_removed(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        if path[0] == "records" and isinstance(rule.get("number"), str):
            yield Site((*path, "number"), GONE)


@mutation
def a_number_without_a_sequence(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        if "{seq" in str(rule.get("number")):
            yield Site((*path, "number"), re.sub(r"\{seq[^}]*\}", "", rule["number"]))


@mutation
def two_records_of_one_number(file: File) -> Iterator[Site]:
    numbered = [(path, rule["number"]) for path, rule in works(file) if isinstance(rule.get("number"), str)]
    for (one, number), (other, _) in pairwise(numbered):
        yield Site((*other, "number"), number, also=((*one, "number"),))


@mutation
def a_placeholder_misspelt(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        if "{year}" in str(rule.get("number")):
            yield Site((*path, "number"), rule["number"].replace("{year}", "{yaer}"))


@mutation
def a_column_misspelt(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if "register" in path and "columns" in path and path[0] == "records":
            yield Site(path, f"{value}q")


@mutation
def a_gate_misspelt(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if "gates" in path:
            yield Site(path, f"{value}q")


@mutation
def a_limit_removed(file: File) -> Iterator[Site]:
    for key, measure in file.tree.get("measures", {}).items():
        for word in LIMIT_WORDS:
            if word in measure and plain(measure[word]):
                yield Site(("measures", key, word), GONE)


@mutation
def a_breach_without_consequence(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if value.endswith(".breached") and "opens" in path and path[-1] == "event":
            key = value.split(".")[0]
            if len([p for p in uses(file, key) if "event" in p]) == 1:
                yield Site(path, "quality.major_trouble", also=(("measures", key),))


@mutation
def a_part_rarer_than_the_whole(file: File) -> Iterator[Site]:
    cadences = {path[1]: place for path, rule in works(file) if (place := _cadence(path, rule))}
    for path, rule in works(file):
        whole = cadences.get(path[1])
        for block in rule.get("contains", ()):
            part = cadences.get(block.get("records")) if isinstance(block.get("records"), str) else None
            if whole and part and at(file.tree, whole) != "year":
                yield Site(part, "year", also=(path, (*path, "contains")))


def _cadence(path: Path, rule: dict[str, Any]) -> Path | None:
    opens = rule.get("opens")
    if isinstance(opens, dict) and opens.get("every") in CADENCES:
        return (*path, "opens", "every")
    return None


@mutation
def working_days_on_a_calendar_that_never_closes(file: File) -> Iterator[Site]:
    for path, _ in steps(file):
        if "working day" in str(at(file.procedure.raw, path).get("within")):
            yield Site((*path[:2], "calendar"), "continuous", also=((*path, "within"),))


@mutation
def a_return_rate_without_a_term(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        limited = any(word in step for word in LIMIT_WORDS)
        if step["key"] == "collect" and limited and "within" in step and plain(step["within"]):
            yield Site((*path, "within"), GONE)


@mutation
def sent_or_returned_not_said(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        score = rule.get("score")
        if isinstance(score, dict) and isinstance(score.get("over"), str):
            yield Site((*path, "score", "over"), GONE)


@mutation
def a_blank_that_is_no_grade(file: File) -> Iterator[Site]:
    for key, form in file.tree.get("questionnaires", {}).items():
        blank = form.get("unanswered")
        if isinstance(blank, dict) and isinstance(blank.get("counts_as"), str):
            yield Site(("questionnaires", key, "unanswered", "counts_as"), "nothing_known")


@mutation
def grades_out_of_order(file: File) -> Iterator[Site]:
    for key, form in file.tree.get("questionnaires", {}).items():
        scale = form.get("scale")
        if isinstance(scale, dict) and plain(scale) and len(scale) > 2 and "from" not in scale:
            grades = list(scale)
            values = {**scale, grades[0]: scale[grades[1]], grades[1]: scale[grades[0]]}
            yield Site(("questionnaires", key, "scale"), values)


@mutation
def the_last_tier_dropped(file: File) -> Iterator[Site]:
    for key, tiers in file.tree.get("tiers", {}).items():
        if len(tiers) > 1 and tiers[-1].get("where") == "true":
            yield Site(("tiers", key), tiers[:-1], also=(("tiers", key, len(tiers) - 2), *uses(file, tiers[-1]["key"])))


@mutation
def the_last_tier_first(file: File) -> Iterator[Site]:
    for key, tiers in file.tree.get("tiers", {}).items():
        if len(tiers) > 1 and tiers[-1].get("where") == "true":
            places = tuple(("tiers", key, number) for number in range(len(tiers)))
            yield Site(("tiers", key), [tiers[-1], *tiers[:-1]], also=places)


@mutation
def an_item_dropped(file: File) -> Iterator[Site]:
    for key, form in file.tree.get("questionnaires", {}).items():
        for name, group in (form.get("dimensions") or {}).items():
            items = group.get("items")
            if (
                isinstance(items, dict)
                and plain(items)
                and len(items) > 1
                and all(isinstance(v, str) for v in items.values())
            ):
                path = ("questionnaires", key, "dimensions", name)
                yield Site((*path, "items", next(iter(items))), GONE, also=(path,))


@mutation
def a_playbook_taken_from_the_wall(file: File) -> Iterator[Site]:
    attached = [(path, value) for path, value in leaves(file.tree) if path[-1] == "playbook"]
    for path, value in attached:
        if len({p for p, v in attached if v.split(".")[0] == value.split(".")[0]}) == 1:
            yield Site(path, GONE, also=(("playbooks", value.split(".")[0]),))
