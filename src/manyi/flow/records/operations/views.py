"""A person's own views of a register; they are no evidence of anything."""

from __future__ import annotations

from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.records.models import SavedView
from manyi.flow.records.operations.acting import CannotRecord
from manyi.flow.records.queries import Kind

MOST_VIEWS, MOST_QUERY = 20, 1000


def save_view(*, by: Person, kind: Kind, name: str, query: str) -> SavedView:
    """Keep filters and order under a name; the same name is overwritten."""
    name = name.strip()[:60]
    if not name or len(query) > MOST_QUERY:
        raise CannotRecord(Text("请给这一视图起个名字", "Give the view a name"))
    rows = SavedView.objects.filter(person=by, document=kind.document, kind=kind.flow.kind)
    if rows.exclude(name=name).count() >= MOST_VIEWS:
        raise CannotRecord(Text(f"最多保存 {MOST_VIEWS} 个视图", f"At most {MOST_VIEWS} views are kept"))
    view, _ = SavedView.objects.update_or_create(
        person=by, document=kind.document, kind=kind.flow.kind, name=name, defaults={"query": query}
    )
    return view


def drop_view(*, by: Person, view: SavedView) -> None:
    """Delete one of one's own views."""
    if view.person_id == by.pk:
        view.delete()
