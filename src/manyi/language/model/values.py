"""How values are written: texts, names, numbers, times, limits, conditions. Everything arrives as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from manyi.core.durations import Duration, parse_duration
from manyi.core.figures import from_text
from manyi.core.predicates import Predicate
from manyi.core.text import Text
from manyi.language.predicates import parse_predicate

KEY = re.compile(r"[a-z][a-z0-9_]*")
CLAUSE = re.compile(r"[\w.()()\-一-龥]{1,30}")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
COUNTED_POINT = re.compile(r"(.+) (before|after) ([a-z0-9_.]+)")
"""``15 minutes before agreed_at``."""

LIMIT_WORDS = ("at_least", "at_most", "above", "below")
CADENCES = ("year", "half-year", "quarter", "month", "week", "day")


class Wrong(ValueError):
    """A value that is not written as the language writes it; carries both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


class Model(BaseModel):
    """A part of a procedure: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)
    described: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _open_is_absent(cls, values: Any) -> Any:
        """``null`` is *not said*: it leaves a key that may be absent at its default."""
        if not isinstance(values, dict) or None not in values.values():
            return values
        needed = {field.alias or name for name, field in cls.model_fields.items() if field.is_required()}
        return {key: value for key, value in values.items() if value is not None or key in needed}


@dataclass(frozen=True, slots=True)
class Settled:
    """A doubt decided: what the document says by clause, what holds, and why. ``value`` is ``None`` while open."""

    path: tuple[str | int, ...]
    line: int
    value: Any
    readings: Mapping[str, Any]
    reason: Text | None


class Cell(Model):
    """A limit that stands in a table: the row whose ``column`` is the case's ``match``, and there the cell ``take``.

    Without ``column`` the column is named like the fact or field that is matched.
    """

    from_: str = Field(alias="from")
    match: str
    column: str | None = None
    take: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """A warning: so long ``before`` the term, or so long after the step opened."""

    span: Duration | str
    before: bool


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day that comes back every year."""

    month: int
    day: int


def _text(value: Any, info: ValidationInfo) -> Text:
    language = (info.context or {}).get("language", "zh")
    if isinstance(value, Text):
        return value
    if isinstance(value, str):
        return Text(zh=value) if language == "zh" else Text(en=value)
    if (
        isinstance(value, dict)
        and value
        and set(value) <= {"zh", "en"}
        and all(isinstance(v, str) for v in value.values())
    ):
        return Text(**value)
    raise Wrong("应为文字，或 {zh: …, en: …}", "expected a text, or {zh: …, en: …}")


def _key(value: Any) -> str:
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    raise Wrong(f"“{value}”不是名称：小写字母开头，只用小写字母、数字和下划线",
                f"“{value}” is no name: lower case letters, digits and underscores, a letter first")  # fmt: skip


def _dotted(value: Any) -> str:
    if isinstance(value, str) and all(KEY.fullmatch(part) for part in value.split(".")):
        return value
    raise Wrong(f"“{value}”不是名称", f"“{value}” is no name")


def _clauses(value: Any) -> tuple[str, ...]:
    numbers = value if isinstance(value, list) else [value]
    if numbers and all(isinstance(n, str) and CLAUSE.fullmatch(n) for n in numbers):
        return tuple(numbers)
    raise Wrong(f"“{value}”不是条款号", f"“{value}” is no clause number")


def yes(value: Any) -> bool:
    """``true`` or ``false``, as text or typed."""
    if value in ("true", "false", True, False):
        return value in ("true", True)
    raise Wrong(f"“{value}”应为 true 或 false", f"“{value}”: expected true or false")


def _number(value: Any) -> Fraction:
    try:
        text = str(value).strip()
        return from_text(text[:-1]) / 100 if text.endswith("%") else from_text(text)
    except ValueError:
        raise Wrong(f"“{value}”不是数字", f"“{value}” is no number") from None


def _integer(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value):
        return int(value)
    raise Wrong(f"“{value}”不是整数", f"“{value}” is no whole number")


def _duration(value: Any) -> Duration | str:
    """A duration, or the name of a parameter that holds one."""
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    try:
        return parse_duration(str(value))
    except ValueError:
        raise Wrong(f"“{value}”不是期限，例如 8 hours、3 days、1 month、same day",
                    f"“{value}” is no duration, such as 8 hours, 3 days, 1 month, same day") from None  # fmt: skip


def _when(value: Any) -> DayOfYear | str:
    """A recurring day (``12-05``), ``end of period``, ``last working day``, or a point counted from a date field."""
    text = str(value)
    if match := re.fullmatch(r"(\d\d)-(\d\d)", text):
        month, day = int(match[1]), int(match[2])
        if 1 <= month <= 12 and 1 <= day <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]:
            return DayOfYear(month, day)
    else:
        counted = COUNTED_POINT.fullmatch(text)
        named = all(KEY.fullmatch(part) for part in text.split("."))
        if named or text in ("end of period", "last working day") or (counted and _duration(counted[1])):
            return text
    raise Wrong(f"“{value}”不是日期，例如 12-05、end of period、2 days after sent_on",
                f"“{value}” is no day, such as 12-05, end of period, 2 days after sent_on")  # fmt: skip


def _month(value: Any) -> int:
    if value in MONTHS:
        return MONTHS.index(value) + 1
    raise Wrong(f"“{value}”不是英文月份名", f"“{value}” is no month, such as December")


def _cadence(value: Any) -> str:
    if value in CADENCES or (isinstance(value, str) and KEY.fullmatch(value)):
        return str(value)
    raise Wrong(f"“{value}”不是周期：{'、'.join(CADENCES)} 或参数", f"“{value}” is no cadence: {', '.join(CADENCES)}")


def _reminder(value: Any) -> Reminder:
    """``2 days before`` the term, or ``10 days`` after the opening."""
    if isinstance(value, Reminder):
        return value
    text = str(value)
    span = _duration(text.removesuffix(" before"))
    return Reminder(span, before=text.endswith(" before"))


def _limit(value: Any) -> Any:
    """A number or share, ``target``, ``previous``, a parameter or level by name, or a cell of a table."""
    if isinstance(value, dict | Cell):
        return value
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    return _number(value)


def _many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _predicate(value: Any) -> Predicate:
    if not isinstance(value, str):
        raise Wrong("条件应为文字", "a condition is a text")
    return parse_predicate(value)


def at_most_one(model: BaseModel, words: tuple[str, ...]) -> int:
    """How many of ``words`` stand in ``model``; refused where they are two or more."""
    written = [word for word in words if getattr(model, word) not in (None, (), {})]
    if len(written) > 1:
        names = [word.rstrip("_") for word in written]
        raise Wrong(f"{'、'.join(names)} 只能写一个", f"only one of {', '.join(names)} may stand")
    return len(written)


def exactly_one(model: BaseModel, words: tuple[str, ...]) -> None:
    """Refuse a part that has none of ``words``, or several."""
    if at_most_one(model, words) == 0:
        names = [word.rstrip("_") for word in words]
        raise Wrong(f"应写明 {'、'.join(names)} 之一", f"expected one of {', '.join(names)}")


Words = Annotated[Text, BeforeValidator(_text)]
Key = Annotated[str, BeforeValidator(_key)]
Dotted = Annotated[str, BeforeValidator(_dotted)]
Clauses = Annotated[tuple[str, ...], BeforeValidator(_clauses)]
Yes = Annotated[bool, BeforeValidator(yes)]
Number = Annotated[Fraction, BeforeValidator(_number)]
Integer = Annotated[int, BeforeValidator(_integer)]
Within = Annotated[Duration | str, BeforeValidator(_duration)]
Day = Annotated[DayOfYear | str, BeforeValidator(_when)]
Month = Annotated[int, BeforeValidator(_month)]
Cadence = Annotated[str, BeforeValidator(_cadence)]
LimitValue = Annotated[Fraction | str | Cell, BeforeValidator(_limit)]
Remind = Annotated[Reminder, BeforeValidator(_reminder)]
Condition = Annotated[Predicate, BeforeValidator(_predicate)]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_many)]
Names = Annotated[tuple[Dotted, ...], BeforeValidator(_many)]


class Held(Model):
    """Anything held to a limit: at most one of the four words."""

    at_least: LimitValue | None = None
    at_most: LimitValue | None = None
    above: LimitValue | None = None
    below: LimitValue | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> Held:
        at_most_one(self, LIMIT_WORDS)
        return self
