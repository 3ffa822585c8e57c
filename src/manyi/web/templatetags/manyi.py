"""How figures, days, titles and states are shown. Figures are rounded here and nowhere else. Built into every template.

``{% score v %}`` 81.25 · ``{% share v %}`` 66.7% · ``{% text title %}`` in the reader's language · ``{% day d %}`` ·
``{% badge state label %}`` · ``{% bar share required %}`` · ``{% field form.x %}`` ``{% fields form %}`` ·
``{% pages page_obj %}`` · ``{% facts pairs %}``
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from manyi.core.figures import percent, shown
from manyi.core.text import Text
from manyi.web.language import reader_language
from manyi.web.states import colour_of, label_of

register = template.Library()
NOTHING = "—"
Figure = Fraction | Decimal | int | str | None


@register.simple_tag
def score(value: Figure, places: int = 2) -> str:
    """A score on 0–100, rounded half up; a dash where there is none."""
    figure = _fraction(value)
    return NOTHING if figure is None else str(shown(figure, places))


@register.simple_tag
def share(value: Figure, places: int = 1) -> str:
    """A share from 0 to 1 as per cent; a dash where there is none."""
    figure = _fraction(value)
    return NOTHING if figure is None else percent(figure, places)


@register.simple_tag
def number(value: Figure) -> str:
    """A number with its thousands apart, whole where it is whole; a text as it stands."""
    if isinstance(value, str):
        return value
    figure = _fraction(value)
    return NOTHING if figure is None else f"{shown(figure, 0 if figure.denominator == 1 else 2):,}"


@register.simple_tag
def text(thing: Any) -> str:
    """A title in the reader's language: a ``Text``, or a row with ``title_zh`` and ``title_en``."""
    if isinstance(thing, Text):
        return thing.in_(reader_language())
    if hasattr(thing, "title_zh"):
        return Text(thing.title_zh, thing.title_en).in_(reader_language())
    return "" if thing is None else str(thing)


@register.simple_tag
def day(when: date | datetime | None) -> str | SafeString:
    """A day, or an instant to the minute where the reader is."""
    if when is None:
        return NOTHING
    if isinstance(when, datetime):
        local = timezone.localtime(when) if timezone.is_aware(when) else when
        return format_html('<time datetime="{}">{}</time>', when.isoformat(), local.strftime("%Y-%m-%d %H:%M"))
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), when.isoformat())


@register.simple_tag
def badge(state: object, label: object = "") -> SafeString:
    """A state as a coloured word; the word alone says it, for those who see no colours."""
    word = str(getattr(state, "value", state))
    shown_as = text(label) if label else label_of(word)
    return format_html('<span class="badge bg-{}-lt">{}</span>', colour_of(word), shown_as)


@register.inclusion_tag("parts/bar.html")
def bar(value: Figure, required: Figure = None, label: str = "") -> dict[str, Any]:
    """A share as a bar, with a mark where the limit lies; drawn without styles in the page."""
    figure, limit = _fraction(value), _fraction(required)
    beside = "" if limit is None else f", {_('required')} {share(limit)}"
    return {
        "width": _width(figure),
        "limit": _width(limit),
        "met": limit is None or (figure is not None and figure >= limit),
        "label": f"{label} {share(figure)}{beside}".strip(),
    }


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field of a form: label, control, help, what is wrong with it."""
    widget = bound.field.widget
    kind = _KINDS.get(type(widget), "form-control")
    several = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    if bound.errors and kind:
        kind = f"{kind} is-invalid"
    return {
        "field": bound,
        "several": several,
        "tick": isinstance(widget, forms.CheckboxInput),
        "control": bound.as_widget(
            attrs={"class": f"{widget.attrs.get('class', '')} {kind}".strip()} if kind else None
        ),
    }


@register.inclusion_tag("parts/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form, with what is wrong with the form as a whole."""
    return {"form": form}


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context: template.RequestContext, page: Page[Any]) -> dict[str, Any]:
    """The pages of a long list; what was searched for is kept."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": list(numbers), "query": query.urlencode(), "gap": page.paginator.ELLIPSIS}


@register.inclusion_tag("parts/facts.html")
def facts(pairs: Any) -> dict[str, Any]:
    """Pairs of a name and a value as a definition list."""
    return {"pairs": pairs.items() if isinstance(pairs, dict) else pairs}


_KINDS: dict[type[forms.Widget], str] = {
    forms.Select: "form-select",
    forms.SelectMultiple: "form-select",
    forms.CheckboxInput: "",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
}


def _fraction(value: Figure) -> Fraction | None:
    """The exact figure; stored figures are words like ``"80/1"``."""
    return None if value is None or value == "" else Fraction(value)


def _width(figure: Fraction | None) -> Decimal | None:
    return None if figure is None else shown(min(max(figure, Fraction(0)), Fraction(1)) * 100)
