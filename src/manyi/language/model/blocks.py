"""What a report contains, block by block."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from manyi.language.model.values import Dotted, Key, Keys, Model, Names, exactly_one

BLOCKS = (
    "scores", "coverage", "returns", "measures", "focus", "comments", "records", "sum", "facts", "register", "chart",
)  # fmt: skip


class Block(Model):
    """One block of a report: exactly one of its first eleven words, split ``by`` or told ``per`` something."""

    scores: Key | None = None
    coverage: Key | None = None
    returns: Key | None = None
    measures: Keys = ()
    focus: Key | None = None
    comments: Keys = ()
    records: Keys = ()
    sum: Dotted | None = None
    facts: Names = ()
    register_: Key | None = Field(default=None, alias="register")
    chart: Literal["histogram", "pie", "pareto"] | None = None
    of: Dotted | None = None
    by: Names = ()
    per: Names = ()

    @model_validator(mode="after")
    def _one_word(self) -> Block:
        exactly_one(self, tuple(f"{word}_" if word == "register" else word for word in BLOCKS))
        return self
