"""Steps that lead nowhere, proof of nothing, hands that judge their own work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.language.mutating import GONE, File, Site, at, leaves, plain, steps, uses, works
from tests.language.mutations.registry import mutation


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
            if (p[:2] == path[:2] and p != (*path, "key") and p[-1] in ("from", "independent_of"))
            or (p[-2:-1] == ("outcomes",) and p[:2] == path[:2] and at(file.tree, p) == step["key"])
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
        for first, second in pairwise(dated):
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
