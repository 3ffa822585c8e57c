"""Forty and more ways to spoil a procedure, each applied wherever a file has a place for it.

``python -m tests.language.mutations`` runs them over every shipped procedure and prints which are caught.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.language.files import PROCEDURES
from tests.language.mutating import (
    GONE,
    File,
    Site,
    Told,
    at,
    file_of,
    leaves,
    plain,
    renamed,
    steps,
    tell,
    uses,
    works,
)

from manyi.language.figures_in_text import figures_in_text
from manyi.language.model.values import CADENCES, LIMIT_WORDS, MONTHS

Mutation = Callable[[File], Iterator[Site]]
MUTATIONS: dict[str, Mutation] = {}
SPAN = re.compile(r"(\d+) (minutes?|hours?|days?|working days?|weeks?|months?|years?)")
RULES = ("tiers", "questionnaires", "programmes", "records", "duties", "measures")


def mutation(function: Mutation) -> Mutation:
    """Register a way to spoil a file under its name."""
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function


def _served(file: File, path: tuple[str | int, ...]) -> bool:
    """Whether a clause with a text governs the place."""
    node, found = file.procedure.raw, []
    for part in path:
        if isinstance(node, dict):
            named = node.get("clause") or found
            found = named if isinstance(named, list) else [named]
        node = node[part]  # type: ignore[index]
    return any(number in file.procedure.clauses for number in found)


def _figures(file: File, keys: set[str]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for path, value in leaves(file.tree):
        if path[0] in RULES and path[-1] in keys and "contains" not in path and _served(file, path):
            yield path, value


# Figures


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


# Clauses


@mutation
def a_clause_without_a_rule(file: File) -> Iterator[Site]:
    last = list(file.tree.get("clauses", {}))
    for number in last[-1:]:
        yield Site(
            ("clauses", f"{number}.1"),
            {"text": {"zh": "另有规定。", "en": "There is one more rule."}},
            also=(("clauses",),),
        )


@mutation
def a_clause_removed(file: File) -> Iterator[Site]:
    for number in file.tree.get("clauses", {}):
        if number in file.procedure.rules_by_clause():
            served = file.procedure.rules_by_clause()[number]
            yield Site(("clauses", number), GONE, also=tuple((*path, "clause") for path in served))


@mutation
def a_clause_misnumbered_in_a_rule(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if path[-1] == "clause" and path[0] not in ("clauses", "procedure"):
            yield Site(path, f"{value}9")


@mutation
def a_language_of_a_clause_left_out(file: File) -> Iterator[Site]:
    for number, clause in file.tree.get("clauses", {}).items():
        if isinstance(clause.get("text"), dict):
            yield Site(("clauses", number, "text", "en"), GONE)


@mutation
def the_rules_of_a_clause_forgotten(file: File) -> Iterator[Site]:
    """Every rule that names the clause names another one instead."""
    for number, served in file.procedure.rules_by_clause().items():
        others = [other for other in file.procedure.clauses if other != number]
        places = [(*path, "clause") for path in served]
        if number in file.procedure.clauses and others and all(_written(file, path, number) for path in places):
            first, *rest = places
            yield Site(first, others[0], also=(("clauses", number),), more=tuple((path, others[0]) for path in rest))


def _written(file: File, path: tuple[str | int, ...], number: str) -> bool:
    try:
        return bool(at(file.tree, path) == number)
    except (KeyError, IndexError, TypeError):
        return False


# Names


def _keys(file: File, chapter: str) -> Iterator[str]:
    for key in file.tree.get(chapter, {}):
        if uses(file, key):
            yield key


@mutation
def a_role_dropped(file: File) -> Iterator[Site]:
    for key in _keys(file, "roles"):
        yield Site(("roles", key), GONE, also=uses(file, key))


@mutation
def a_role_renamed_in_one_place(file: File) -> Iterator[Site]:
    for key in _keys(file, "roles"):
        yield renamed(file, ("roles", key), f"{key}_x")


@mutation
def a_role_misspelt_in_a_step(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        if isinstance(step.get("role"), str):
            yield Site((*path, "role"), f"{step['role'][:-1]}q")


@mutation
def a_record_renamed_in_one_place(file: File) -> Iterator[Site]:
    for key in _keys(file, "records"):
        yield renamed(file, ("records", key), f"{key}_x")


@mutation
def a_survey_renamed_in_one_place(file: File) -> Iterator[Site]:
    for key in _keys(file, "programmes"):
        yield renamed(file, ("programmes", key), f"{key}_x")


@mutation
def a_form_renamed_in_one_place(file: File) -> Iterator[Site]:
    for key in _keys(file, "questionnaires"):
        yield renamed(file, ("questionnaires", key), f"{key}_x")


@mutation
def a_measure_renamed_in_one_place(file: File) -> Iterator[Site]:
    for key in _keys(file, "measures"):
        yield renamed(file, ("measures", key), f"{key}_x")


@mutation
def a_fact_dropped(file: File) -> Iterator[Site]:
    for key in _keys(file, "facts"):
        yield Site(("facts", key), GONE, also=uses(file, key))


@mutation
def a_parameter_dropped(file: File) -> Iterator[Site]:
    for key in _keys(file, "parameters"):
        yield Site(("parameters", key), GONE, also=uses(file, key))


@mutation
def a_table_dropped(file: File) -> Iterator[Site]:
    for key in _keys(file, "tables"):
        yield Site(("tables", key), GONE, also=uses(file, key))


@mutation
def tiers_misspelt_in_a_sample(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        sample = rule.get("sample")
        if isinstance(sample, dict) and isinstance(sample.get("tiers"), str):
            yield Site((*path, "sample", "tiers"), "by_nothing")


@mutation
def a_fact_misspelt_in_a_condition(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if path[0] != "clauses" and path[-1] in ("where", "when", "among", "except") and value != "true":
            words = [
                w for w in re.findall(r"(?<!['\w.])[a-z_][a-z_.]{4,}(?!['\w])", value) if w not in ("between", "count")
            ]
            if words:
                yield Site(path, value.replace(words[0], f"{words[0]}_q", 1))


@mutation
def a_title_forgotten(file: File) -> Iterator[Site]:
    shown = {key for path, _ in leaves(file.tree.get("questionnaires", {})) for key in path[-1:] if "items" in path}
    for key in file.tree.get("words", {}):
        if key in shown:
            yield Site(
                ("words", key), GONE, also=tuple(("questionnaires", form) for form in file.tree["questionnaires"])
            )


@mutation
def a_type_of_field_misspelt(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        for name, kind in (step.get("fields") or {}).items():
            if isinstance(kind, str):
                yield Site((*path, "fields", name), f"{kind}x")


@mutation
def a_key_misspelt(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        for key in ("role", "within", "evidence"):
            if key in step:
                yield Site((*path, f"{key}e"), step[key], more=(((*path, key), GONE),))


# Flows


@mutation
def a_next_step_misspelt(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        for name, leads in (step.get("outcomes") or {}).items():
            if isinstance(leads, str) and leads not in ("next", "close"):
                yield Site((*path, "outcomes", name), f"{leads}q")


@mutation
def no_way_to_the_end(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        outcomes = step.get("outcomes")
        last = path[-1] == len(at(file.tree, path[:-1])) - 1
        if last and isinstance(outcomes, dict) and plain(outcomes):
            yield Site((*path, "outcomes"), dict.fromkeys(outcomes, step["key"]), also=((*path[:-1], 0),))


@mutation
def a_step_renamed_in_one_place(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        inside = [
            p
            for p in uses(file, step["key"])
            if p[:2] == path[:2]
            and p != (*path, "key")
            and p[-1] in ("from", "independent_of")
            or p[-2:-1] == ("outcomes",)
            and p[:2] == path[:2]
            and at(file.tree, p) == step["key"]
        ]
        if inside:
            yield Site((*path, "key"), f"{step['key']}_x", also=tuple(inside))


@mutation
def a_step_twice(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        if rule.get("steps"):
            yield Site(
                (*path, "steps"), [*rule["steps"], rule["steps"][-1]], also=((*path, "steps", len(rule["steps"]) - 1),)
            )


@mutation
def an_approver_doubled(file: File) -> Iterator[Site]:
    roles = list(file.tree.get("roles", {}))
    for path, step in steps(file):
        if step.get("sign") == "true" and isinstance(step.get("role"), str) and len(roles) > 1:
            other = next(role for role in roles if role != step["role"])
            yield Site((*path, "role"), {"value": None, "readings": {"1": step["role"], "2": other}, "reason": "x"})


@mutation
def an_event_misspelt(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if "event" in path[-2:] and path[0] != "clauses":
            yield Site(path, f"{value}q")


@mutation
def two_deadlines_reversed(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        dated = [n for n, s in enumerate(rule.get("steps", ())) if re.fullmatch(r"\d\d-\d\d", str(s.get("due")))]
        for first, second in zip(dated, dated[1:], strict=False):
            one, other = rule["steps"][first]["due"], rule["steps"][second]["due"]
            if one != other:
                yield Site((*path, "steps", first, "due"), other, more=(((*path, "steps", second, "due"), one),))


@mutation
def nobody_kept_from_verifying_his_own_work(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        named = step.get("independent_of")
        if named and plain(named) and re.search("验证|verif", f"{step.get('title')}{step['key']}", re.IGNORECASE):
            yield Site((*path, "independent_of"), GONE)


@mutation
def independent_of_himself(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        if step.get("independent_of") and plain(step["independent_of"]):
            yield Site((*path, "independent_of"), step["key"])


@mutation
def proof_misspelt(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if "evidence" in path[-2:]:
            yield Site(path, f"{value}q")


@mutation
def the_proof_of_a_duty_removed(file: File) -> Iterator[Site]:
    for key, duty in file.tree.get("duties", {}).items():
        if "evidence" in duty:
            yield Site(("duties", key, "evidence"), GONE)


@mutation
def a_field_taken_from_under_a_role(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        for name in step.get("fields") or {}:
            users = [p[:-1] for p in uses(file, name) if p[:2] == path[:2] and p[-2:] == ("role", "field")]
            if users:
                yield Site((*path, "fields", name), GONE, also=tuple(users))


@mutation
def an_occasion_twice(file: File) -> Iterator[Site]:
    for path, rule in works(file):
        opens = rule.get("opens")
        if isinstance(opens, list) and opens:
            yield Site((*path, "opens"), [*opens, opens[0]])


# Records, duties, measures, surveys


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
    for (one, number), (other, _) in zip(numbered, numbered[1:], strict=False):
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
    cadences = {
        path[1]: rule["opens"].get("every") for path, rule in works(file) if isinstance(rule.get("opens"), dict)
    }
    for path, rule in works(file):
        parts = [b.get("records") for b in rule.get("contains", ()) if isinstance(b, dict)]
        for part in parts:
            whole = cadences.get(path[1])
            if isinstance(part, str) and cadences.get(part) in CADENCES and whole in CADENCES[1:]:
                yield Site(("records", part, "opens", "every"), "year", also=(path, (*path, "contains")))


@mutation
def working_days_on_a_calendar_that_never_closes(file: File) -> Iterator[Site]:
    for path, step in steps(file):
        if "working day" in str(step.get("within")) and plain(step["within"]):
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


# Settled values


def _doubts(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    if isinstance(node, dict):
        if not plain(node):
            yield path, node
            return
        for key, value in node.items():
            yield from _doubts(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _doubts(value, (*path, number))


@mutation
def a_reason_removed(file: File) -> Iterator[Site]:
    for path, doubt in _doubts(file.tree):
        if "reason" in doubt:
            yield Site((*path, "reason"), GONE)


@mutation
def a_decision_taken_back(file: File) -> Iterator[Site]:
    for path, doubt in _doubts(file.tree):
        if len({str(reading) for reading in (doubt["readings"] or {}).values()}) > 1 and doubt.get("value") is not None:
            yield Site((*path, "value"), None)


Row = tuple[str, str, Site, Told]


def run(names: tuple[str, ...], per_kind: int | None = None, seed: int = 1) -> list[Row]:
    """Every mutation at every place of the files; with ``per_kind``, so many places of each kind drawn by ``seed``."""
    rows: list[Row] = []
    for kind, function in MUTATIONS.items():
        places = [(name, site) for name in names for site in function(file_of(name))]
        if per_kind is not None and len(places) > per_kind:
            places = random.Random(f"{seed} {kind}").sample(places, per_kind)
        rows += [(kind, name, site, tell(file_of(name), site)) for name, site in places]
    return rows


def table(rows: list[Row]) -> str:
    """How many of each kind were made and caught, and by which checks."""
    made, caught = Counter(kind for kind, *_ in rows), Counter(kind for kind, *_, told in rows if told.caught)
    ids: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, _, _, told in rows:
        ids[kind].update(told.ids)
    lines = [f"{caught[k]:5} of {made[k]:5}  {k} ({', '.join(i for i, _ in ids[k].most_common(4))})" for k in MUTATIONS]
    whole = f"{sum(caught.values())} of {len(rows)} caught, {len([k for k in MUTATIONS if made[k]])} kinds"
    return "\n".join([*lines, whole])


if __name__ == "__main__":
    everything = run(PROCEDURES, int(sys.argv[1]) if len(sys.argv) > 1 else None)
    print(table(everything))
    for kind_, name_, site_, told_ in everything:
        if not told_.caught:
            print(f"missed: {name_} {'.'.join(map(str, site_.path))}: {kind_} {told_.ids}")
