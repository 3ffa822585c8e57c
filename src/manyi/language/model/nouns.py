"""Who, where, what is known, which figures may be edited, whom to ask."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from manyi.language.model.fields import Field
from manyi.language.model.values import (
    Clauses,
    Condition,
    Dotted,
    Held,
    Key,
    Keys,
    Model,
    Within,
    Words,
    Wrong,
    Yes,
    exactly_one,
)


class Reference(Model):
    """Another document the procedure names."""

    title: Words
    code: str = ""


class Head(Model):
    """What the document says of itself."""

    key: str
    code: str
    title: Words
    revision: str
    language: Literal["zh", "en"] = "zh"
    calendar: str = "working"
    owner: Key | None = None
    in_force: str = "on approval"
    numbering: Literal["printed", "ours"] = "printed"
    references: tuple[Reference, ...] = ()


class Role(Model):
    """Who may be named by a step."""

    title: Words
    clause: Clauses = ()
    part_of: Key | None = None
    per: Key | None = None
    one_person: Yes = False
    deputy: Yes = False
    includes: Literal["everyone"] | Keys = ()
    external: Yes = False
    reads: Literal["everything"] | None = None


class UnitKind(Model):
    """A kind of unit besides departments."""

    title: Words
    clause: Clauses = ()


def _fact_type(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if value in ("yes_no", "number", "text", "date"):
        return str(value)
    raise Wrong("应为 yes_no、number 或选项列表", "expected yes_no, number or a list of choices")


COMPUTED = ("sum", "count", "share", "change", "rank", "exists")


class FactRule(Model):
    """What the company knows beyond the facts that exist: entered, or computed from a source."""

    about: Literal["customer", "project", "unit", "product"]
    title: Words | None = None
    clause: Clauses = ()
    type: Annotated[str | tuple[str, ...], BeforeValidator(_fact_type)] | None = None
    sum: Dotted | None = None
    count: Dotted | None = None
    share: Dotted | None = None
    change: Dotted | None = None
    rank: Dotted | None = None
    exists: Dotted | None = None
    where: Condition | None = None
    over: Literal["calendar year"] | Within | None = None
    until: Dotted | None = None
    among: Key | None = None
    ties: Literal["together", "apart"] = "apart"

    @model_validator(mode="after")
    def _one_source(self) -> FactRule:
        exactly_one(self, ("type", *COMPUTED))
        return self


class Parameter(Model):
    """One figure, named, edited without a revision."""

    title: Words | None = None
    unit: str = ""
    clause: Clauses = ()
    value: str | None


class Table(Model):
    """Rows the company may edit."""

    title: Words | None = None
    clause: Clauses = ()
    columns: dict[Key, Field]
    rows: tuple[dict[str, Any], ...] = ()
    public: Yes = False


class TierRule(Held):
    """Customers who fit ``where``; a limit is a floor of the sample."""

    key: Key
    title: Words | None = None
    clause: Clauses
    where: Condition
