"""Finding public pages by their link, what came by them, and how far a case is, as the one who brought it may know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.urls import reverse

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.procedure.models import Document
from manyi.flow.procedure.queries import find_revision_in_force, read_revision
from manyi.flow.records.models import Arrival, Entrance, Record, Taken
from manyi.flow.records.queries import Kind, get_flow, kind_of_record
from manyi.web.links import make_token, read_token

FIRST = 40
PAGE, FOLLOW = "manyi.records.entrance", "manyi.records.arrival"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case is: its number, when it came, what was done and when; nothing of what the house wrote."""

    number: str
    came_at: datetime
    done: tuple[tuple[Text, datetime], ...]
    closed_at: datetime | None
    kind: Text


def link_of(entrance: Entrance) -> str:
    """The address of a public page."""
    return settings.MANYI_URL + reverse("feedback:write", args=[make_token(entrance.key, PAGE)])


def follow_token(arrival: Arrival) -> str:
    """The token by which whoever brought a case follows it."""
    return make_token(arrival.key, FOLLOW)


def find_entrance(token: str) -> Entrance | None:
    """The public page of a link; ``None`` where it is none, or closed."""
    key = read_token(token, PAGE)
    rows = Entrance.objects.select_related("document__unit", "unit")
    return rows.filter(key=key, closed_at=None).first() if key else None


def kind_in_force(document: Document, kind: str, on: date) -> Kind | None:
    """A kind of record under the revision in force; ``None`` where none says it."""
    revision = find_revision_in_force(document, on)
    if revision is None or kind not in read_revision(revision).records:
        return None
    revision.document = document
    return Kind(revision, get_flow(revision, kind))


def find_progress(token: str) -> Progress | None:
    """How far the case is that was brought with this link."""
    key = read_token(token, FOLLOW)
    rows = Arrival.objects.select_related("record__revision__document", "record__document")
    arrival = rows.filter(key=key).first() if key else None
    if arrival is None:
        return None
    kind = kind_of_record(arrival.record)
    acts = arrival.record.acts.filter(what__in=(Taken.What.TAKEN, Taken.What.REOPENED), part="").order_by("pk")
    titles = {step.key: step.title for step in kind.flow.steps}
    done = tuple((titles[act.step], act.happened_at) for act in acts if act.step in titles)
    closed = arrival.record.closed_at if arrival.record.state == Record.State.CLOSED else None
    return Progress(str(arrival.record), arrival.at, done, closed, kind.title)


def list_entrances(by: Person, kind: Kind) -> QuerySet[Entrance]:
    """The open public pages of a kind in the units the person sees, with how much came by each."""
    rows = Entrance.objects.filter(document=kind.document, kind=kind.flow.kind, closed_at=None)
    rows = rows.select_related("unit", "opened_by").annotate(count=Count("arrivals"), last=Max("arrivals__at"))
    return visible_to(by, rows)


def get_visible_entrance(by: Person, pk: int) -> Entrance:
    """One public page, or ``Entrance.DoesNotExist``."""
    return visible_to(by, Entrance.objects.select_related("document", "unit")).get(pk=pk)


def list_arrivals(record: Record) -> Sequence[Arrival]:
    """What came in for a record, in its order."""
    return list(record.arrivals.order_by("pk"))


def first_words(records: Iterable[Record]) -> dict[int, Text]:
    """How what came in first begins, for each of some records that came from outside: one query."""
    rows = Arrival.objects.filter(record__in=list(records)).order_by("-pk").values_list("record", "text")
    return {record: Text(*(2 * (text[:FIRST] + ("…" if len(text) > FIRST else ""),))) for record, text in rows}
