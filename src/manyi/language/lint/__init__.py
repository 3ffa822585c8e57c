"""The linter: what is wrong with a procedure that can be read."""

from manyi.language.lint.run import LintFinding, lint

__all__ = ["LintFinding", "lint"]
