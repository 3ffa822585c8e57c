"""Heads of a register that sort: ``{% sorted_by "due_at" %}`` the address, ``{% sort_mark "due_at" %}`` the arrow."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django import template
from django.template import Context

from manyi.core.text import Text
from manyi.flow.records.models import Attachment, Record
from manyi.flow.records.pictures import is_shown

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


@register.simple_tag
def left_of(running: Mapping[int, Text] | str, record: Record) -> Text | str:
    """How long there still is for a record, where the kind of page says so."""
    return running.get(record.pk, "") if isinstance(running, Mapping) else ""


@register.filter
def urlencode_all(said: Mapping[str, str]) -> str:
    """Several values as the query of an address."""
    return urlencode(said)


@register.filter
def is_picture(attachment: Attachment) -> bool:
    """Whether a file of a record is a picture to be shown on its page."""
    return is_shown(attachment.file.title)
