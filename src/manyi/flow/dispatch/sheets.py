"""The questionnaire as a printed sheet: what the procedure asks, the row's number, and its link as a QR code."""

from __future__ import annotations

from dataclasses import dataclass

import segno

from manyi.core.forms import Grade, Item
from manyi.core.text import Text
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.operations import link_of
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules


@dataclass(frozen=True, slots=True)
class Part:
    """The items of one dimension; ``title`` is empty for items that stand alone."""

    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """Everything that stands on one sheet."""

    ask: Ask
    title: Text
    code: str
    parts: tuple[Part, ...]
    grades: tuple[Grade, ...]
    comment: Text
    qr: str


def sheet_of(wave: Wave, ask: Ask) -> PrintedSheet:
    """The sheet of one ledger row; the QR code is left out where its link no longer works."""
    rules = get_rules(wave)
    form = rules.questionnaire
    titles = {d.key: d.title for d in form.dimensions}
    order = dict.fromkeys(item.dimension for item in form.items)
    parts = tuple(
        Part(titles.get(key, Text()), tuple(item for item in form.items if item.dimension == key)) for key in order
    )
    code = f"{rules.code} {rules.revision}"
    return PrintedSheet(ask, form.title, code, parts, form.scale.grades, rules.comment_title, _qr(ask))


def _qr(ask: Ask) -> str:
    if not ask.takes_sheets:
        return ""
    return segno.make(link_of(ask), error="m").svg_data_uri(scale=3, border=2)
