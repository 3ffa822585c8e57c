"""Names that stand for nothing, or for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.language.mutating import GONE, File, Site, leaves, renamed, steps, uses, works
from tests.language.mutations.registry import mutation


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
