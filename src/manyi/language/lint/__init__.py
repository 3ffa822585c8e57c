"""The linter: what is wrong with a procedure that can be read. One module per chapter of the language."""

from manyi.language.lint import (
    clauses,
    figures,
    flows,
    names,
    programmes,
    questionnaires,
    records,
    settled_values,
    tiers,
    times,
)
from manyi.language.lint.run import REGISTRY, LintFinding, lint, open_errors

CHAPTERS = (settled_values, times, names, tiers, questionnaires, flows, records, programmes, clauses, figures)
"""The modules whose checks stand in the registry."""

__all__ = ["CHAPTERS", "REGISTRY", "LintFinding", "lint", "open_errors"]
