"""How Manyi says no: faults in what came in, and refusals of what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from manyi.core.text import Lang, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one place of an input, and what to do about it.

    ``row`` counts as a spreadsheet shows it (the head is row 1); ``None`` means the whole table.
    """

    code: str
    message: Text
    hint: Text
    table: str = ""
    row: int | None = None
    column: str = ""

    def as_json(self, lang: Lang = "zh") -> dict[str, object]:
        """The stable JSON form of a fault."""
        return {
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.message.in_(lang),
            "hint": self.hint.in_(lang),
        }


class Faults(Exception):
    """An input cannot be taken: every fault found in it, in the order of its tables and rows."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message.in_("en") for fault in self.faults[:3]))


class Refusal(Exception):
    """A question that has no answer as asked: what was got, what would have been accepted."""

    def __init__(self, code: str, param: str, got: object, expected: Text, hint: Text) -> None:
        self.code, self.param, self.got = code, param, got
        self.expected, self.hint = expected, hint
        super().__init__(f"{code}: {param}={got!r}; expected {expected.in_('en')}")

    def as_fault(self, table: str = "") -> Fault:
        """The refusal as a fault of ``table``, so that commands list both alike."""
        message = Text(
            zh=f"{self.param} 为 {self.got!r}，应为{self.expected.in_('zh')}",
            en=f"{self.param} is {self.got!r}; expected {self.expected.in_('en')}",
        )
        return Fault(self.code, message, self.hint, table=table, column=self.param)
