"""Heads of a register that sort: ``{% sorted_by "due_at" %}`` the address, ``{% sort_mark "due_at" %}`` the arrow."""

from __future__ import annotations

from django import template
from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def sorted_by(context: Context, key: str) -> str:
    """The address of the list sorted by a column; asked for twice, the other way round."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if context["sort"] == key else key
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_mark(context: Context, key: str) -> str:
    """The arrow of the column the list is sorted by."""
    return {key: " ↑", f"-{key}": " ↓"}.get(context["sort"], "")
