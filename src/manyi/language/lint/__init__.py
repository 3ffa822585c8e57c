"""The linter: what is wrong with a procedure that can be read. One module for each part of the language."""

from manyi.language.lint import (
    answers,
    cadences,
    clauses,
    figures,
    floors,
    flows,
    hands,
    names,
    occasions,
    papers,
    programmes,
    purposes,
    questionnaires,
    records,
    settled_values,
    tiers,
    times,
)
from manyi.language.lint.run import REGISTRY, LintFinding, lint, open_errors, open_findings

CHAPTERS = (
    settled_values, times, cadences, names, papers, hands, tiers, floors, questionnaires, occasions, flows, answers,
    records, purposes, programmes, clauses, figures,
)  # fmt: skip
"""The modules whose checks stand in the registry."""

__all__ = ["CHAPTERS", "REGISTRY", "LintFinding", "lint", "open_errors", "open_findings"]
