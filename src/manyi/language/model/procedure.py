"""The whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

from pydantic import PrivateAttr

from manyi.core.text import Text
from manyi.language.model.nouns import FactRule, Head, Parameter, Role, Table, TierRule, UnitKind
from manyi.language.model.questionnaires import QuestionnaireRule
from manyi.language.model.values import Key, Model, Settled, Words, Yes
from manyi.language.model.work import DutyRule, MeasureRule, Playbook, ProgrammeRule, RecordRule

Path = tuple[str | int, ...]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands outside a file: the years each calendar has data for, and the codes of documents that are loaded."""

    years: Mapping[str, frozenset[int]] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()


NOTHING_KNOWN = Around()


class Memo(dict[str, Any]):
    """What was computed of a procedure; two procedures are the same whatever was asked of them."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Memo)


class Clause(Model):
    """A numbered passage in our own words, with every figure of it."""

    text: Words | None = None
    title: Words | None = None
    informative: Yes = False
    printed: Words | None = None


class Procedure(Model):
    """One procedure: the nouns, the work, and the document they serve."""

    manyi: Literal["1"]
    procedure: Head
    roles: dict[Key, Role] = {}
    units: dict[Key, UnitKind] = {}
    facts: dict[Key, FactRule] = {}
    parameters: dict[Key, Parameter] = {}
    tables: dict[Key, Table] = {}
    tiers: dict[Key, tuple[TierRule, ...]] = {}
    questionnaires: dict[Key, QuestionnaireRule] = {}
    playbooks: dict[Key, Playbook] = {}
    programmes: dict[Key, ProgrammeRule] = {}
    records: dict[Key, RecordRule] = {}
    duties: dict[Key, DutyRule] = {}
    measures: dict[Key, MeasureRule] = {}
    words: dict[str, Words] = {}
    clauses: dict[str, Clause] = {}

    _lines: Mapping[Path, int] = PrivateAttr(default_factory=dict)
    _settled: tuple[Settled, ...] = PrivateAttr(default=())
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)
    _memo: Memo = PrivateAttr(default_factory=lambda: Memo())
    _around: Around = PrivateAttr(default_factory=lambda: NOTHING_KNOWN)

    @property
    def settled(self) -> tuple[Settled, ...]:
        """Every doubt decided in the file, in the order of the file."""
        return self._settled

    @property
    def raw(self) -> dict[str, Any]:
        """The file as plain texts, maps and lists, settled values replaced by what holds."""
        return self._raw

    @property
    def lines(self) -> Mapping[Path, int]:
        """Where every path stands in the file."""
        return self._lines

    def remember(self, lines: Mapping[Path, int], settled: tuple[Settled, ...], raw: dict[str, Any]) -> Procedure:
        """Attach where things stand in the file; called once, by the loader."""
        self._lines, self._settled, self._raw = lines, settled, raw
        return self

    @property
    def around(self) -> Around:
        """What is known outside the file."""
        return self._around

    def among(self, around: Around) -> Procedure:
        """Attach what is known outside the file: calendars and other documents."""
        self._around = around
        return self

    def once(self, name: str, compute: Callable[[], T]) -> T:
        """What ``compute`` gives, computed once for this procedure under ``name``; the procedure never changes."""
        if name not in self._memo:
            self._memo[name] = compute()
        return cast("T", self._memo[name])

    def line_of(self, path: Path) -> int:
        """The line of ``path``, or of the nearest place around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def title_of(self, key: str, own: Text | None = None) -> Text:
        """The title of a key: its own, else from ``words``, else the key itself."""
        return own or self.words.get(key) or Text(zh=key, en=key)

    def rules_by_clause(self) -> dict[str, list[Path]]:
        """For every clause, the paths of the rules that name it. Computed, never written down."""
        return self.once("rules_by_clause", self._rules_by_clause)

    def _rules_by_clause(self) -> dict[str, list[Path]]:
        served: dict[str, list[Path]] = {}
        for path, value in _clause_keys(self._raw, ()):
            if path[0] not in ("clauses", "procedure", "words", "references"):
                for number in value if isinstance(value, list) else [value]:
                    served.setdefault(str(number), []).append(path[:-1])
        return served


def _clause_keys(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "clause":
                yield (*path, key), value
            else:
                yield from _clause_keys(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _clause_keys(value, (*path, index))
