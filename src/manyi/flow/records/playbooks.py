"""Playbooks beside the work: what to do, say and never say in a situation; who acted by them, and what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import read_revision
from manyi.flow.records.ground import Standing
from manyi.flow.records.models import Record, Taken, Use
from manyi.flow.records.queries import Kind, list_visible_records

WHOLE = ""
"""The situation of a playbook that has none, or its general part."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One situation: how to behave, and who said to have acted so on this record."""

    key: str
    title: Text
    clause: str
    do: tuple[Text, ...]
    say: tuple[Text, ...]
    never_say: tuple[Text, ...]
    ask: tuple[Text, ...]
    used: Use | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A playbook as it stands beside a record; the situation at hand comes first and is open."""

    key: str
    title: Text
    always: tuple[Text, ...]
    advice: tuple[Advice, ...]
    at_hand: str


@dataclass(frozen=True, slots=True)
class Effect:
    """How closed records ended that were worked on by a situation, beside those that were not."""

    title: Text
    used: int
    ended: tuple[tuple[Text, int, Fraction | None, int, Fraction | None], ...]
    """Outcome, count and share with the situation, count and share without."""


def shown_beside(standing: Standing) -> Shown | None:
    """The playbook of the step at hand, else of the kind; ``None`` where the procedure names none."""
    open_steps = [one.step for one in standing.state.open]
    named = next((step.playbook for step in open_steps if step.playbook), standing.flow.playbook)
    book_key, _, situation = named.partition(".")
    book = read_revision(standing.kind.revision).playbooks.get(book_key)
    if book is None:
        return None
    chosen = next((value for value in _situations_in(standing) if value), situation)
    used = {(use.playbook, use.situation): use for use in standing.record.uses.select_related("by")}
    advice = advice_of(standing.kind.revision, book_key, used)
    first = sorted(advice, key=lambda one: one.key != chosen)
    title = book.title or Text(book_key, book_key)
    return Shown(book_key, title, book.always, tuple(first), chosen or (first[0].key if first else WHOLE))


def advice_of(revision: Revision, key: str, used: dict[tuple[str, str], Use] | None = None) -> list[Advice]:
    """The situations of a playbook, its general part last."""
    procedure, known = read_revision(revision), used or {}
    book = procedure.playbooks[key]
    found = [
        Advice(
            one.key, procedure.title_of(one.key, one.title), one.clause[0] if one.clause else "", one.do, one.say,
            one.never_say, one.ask, known.get((key, one.key)),
        )
        for one in book.situations
    ]  # fmt: skip
    if book.say or book.never_say or not found:
        general = Text("任何情况", "In any case")
        found.append(Advice(WHOLE, general, "", (), book.say, book.never_say, (), known.get((key, WHOLE))))
    return found


def list_effects(by: Person, kind: Kind) -> list[Effect]:
    """For every situation of the kind's playbooks: how records ended that were worked on by it, and the others."""
    records = list_visible_records(by).filter(document=kind.document, kind=kind.flow.kind, state=Record.State.CLOSED)
    ends = _ends(records.values_list("pk", flat=True))
    by_situation: dict[tuple[str, str], set[int]] = defaultdict(set)
    for record, playbook, situation in Use.objects.filter(record__in=ends).values_list(
        "record", "playbook", "situation"
    ):
        by_situation[playbook, situation].add(record)
    titles = {outcome.key: outcome.title for step in kind.flow.steps for outcome in step.outcomes}
    return [
        _effect(one.title, by_situation[key, one.key], ends, titles)
        for key in sorted(books_of(kind))
        for one in advice_of(kind.revision, key)
    ]


def books_of(kind: Kind) -> set[str]:
    """The playbooks a kind of record and its steps name."""
    named = {kind.flow.playbook, *(step.playbook for step, _ in kind.flow.walk())}
    known = read_revision(kind.revision).playbooks
    return {name.partition(".")[0] for name in named} & set(known)


def _ends(records: Iterable[int]) -> dict[int, str]:
    """The last outcome of each record that had one."""
    rows = Taken.objects.filter(record__in=records, what=Taken.What.TAKEN).exclude(outcome="").order_by("pk")
    return dict(rows.values_list("record", "outcome"))


def _effect(title: Text, used: set[int], ends: dict[int, str], titles: dict[str, Text]) -> Effect:
    with_it = Counter(end for record, end in ends.items() if record in used)
    without = Counter(end for record, end in ends.items() if record not in used)
    n, m = sum(with_it.values()), sum(without.values())
    rows = tuple(
        (titles.get(key, Text(key, key)), with_it[key], _part(with_it[key], n), without[key], _part(without[key], m))
        for key in sorted({*with_it, *without})
    )
    return Effect(title, n, rows)


def _part(n: int, whole: int) -> Fraction | None:
    return Fraction(n, whole) if whole else None


def _situations_in(standing: Standing) -> list[str]:
    """What was chosen in a field that chooses from a playbook."""
    return [str(standing.record.data.get(one.key, "")) for one in standing.flow.fields if one.kind == "from_playbook"]
