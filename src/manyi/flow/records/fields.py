"""The kinds of fields a form may have. A closed list: each has its control, how it is read, said, and published.

What is kept is plain JSON. One reader serves pages, API and imports: it takes what was typed or sent, and refuses what
is none with words for the person. What a kind publishes is what conditions see of it; personal text never leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils import timezone

from manyi.core.flows import FieldRule
from manyi.core.predicates import Value
from manyi.core.text import Text
from manyi.flow.records.reading import (
    choices_of,
    read_choice,
    read_customer,
    read_date,
    read_datetime,
    read_money,
    read_number,
    read_project,
    read_record,
    read_ref,
    read_refs,
    read_several,
    read_text,
    read_yes_no,
)
from manyi.flow.records.room import Names, Room, Wrong
from manyi.flow.records.widgets import (
    DayInput,
    FilesInput,
    MomentInput,
    MoneyInput,
    PhotoInput,
    RowsInput,
    SignatureInput,
)
from manyi.web.language import reader_language


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One kind of field."""

    widget: Callable[[FieldRule, Room], forms.Widget]
    read: Callable[[FieldRule, Any, Room], Any]
    say: Callable[[FieldRule, Any, Names], Text]
    publish: Callable[[Any], Value | tuple[Value, ...]] = lambda _: True
    """What conditions see: a value, several, or only that something stands there."""
    is_rows: bool = False
    is_files: bool = False


def read_field(rule: FieldRule, raw: Any, room: Room) -> Any:
    """What is kept of what was typed or sent; ``None`` where nothing was. Raises ``Wrong``."""
    if raw in (None, "", []):
        return None
    return kind_of(rule).read(rule, raw, room)


def say_field(rule: FieldRule, kept: Any, names: Names) -> Text:
    """A kept value in words; empty where there is none."""
    return Text() if kept in (None, "", []) else kind_of(rule).say(rule, kept, names)


def kind_of(rule: FieldRule) -> FieldKind:
    """The kind of a field."""
    return KINDS.get(rule.kind, KINDS["text"])


def _rows(rule: FieldRule, raw: Any, room: Room) -> list[dict[str, Any]]:
    found = []
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise Wrong("应为若干行", "Expected rows")
    for n, row in enumerate(raw, start=1):
        kept: dict[str, Any] = {"key": int(row["key"])} if str(row.get("key") or "").isdigit() else {}
        for column in rule.columns:
            try:
                value = read_field(column, row.get(column.key), room)
            except Wrong as wrong:
                raise Wrong(
                    f"第 {n} 行“{column.title.in_('zh')}”：{wrong.text.zh}",
                    f"Row {n}, {column.title.in_('en')}: {wrong.text.en}",
                ) from None
            kept[column.key] = value
        if any(kept[column.key] is not None for column in rule.columns):
            found.append(kept)
    return found


def _files(_rule: FieldRule, raw: Any, _room: Room) -> Any:
    return raw  # bytes: their operation checks and stores them


def _select(rule: FieldRule, room: Room) -> forms.Widget:
    choices = choices_of(rule, room)
    if rule.kind == "choice" and len(choices) <= 6:
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=[("", "—"), *choices])


def _boxes(rule: FieldRule, room: Room) -> forms.Widget:
    choices = choices_of(rule, room)
    many = len(choices) > 12
    return forms.SelectMultiple(choices=choices) if many else forms.CheckboxSelectMultiple(choices=choices)


def _lookup(rule: FieldRule, _room: Room) -> forms.Widget:
    return forms.TextInput(attrs={"data-find": rule.of or rule.kind, "autocomplete": "off"})


def _table(rule: FieldRule, room: Room) -> forms.Widget:
    lang = reader_language()
    columns = []
    for column in rule.columns:
        widget = kind_of(column).widget(column, room)
        if isinstance(widget, forms.Textarea):
            widget = forms.TextInput()
        if isinstance(widget, forms.RadioSelect):
            widget = forms.Select(choices=[("", "—"), *widget.choices])
        columns.append((column.key, column.title.in_(lang), widget))
    return RowsInput(columns)


def _yes_no_widget(_rule: FieldRule, _room: Room) -> forms.Widget:
    words = {"zh": ("是", "否"), "en": ("Yes", "No")}[reader_language()]
    return forms.RadioSelect(choices=[("yes", words[0]), ("no", words[1])])


def _area(rule: FieldRule, _room: Room) -> forms.Widget:
    return forms.Textarea(attrs={"rows": 3})


# ---- saying -----------------------------------------------------------------------------------


def _plain(_rule: FieldRule, kept: Any, _names: Names) -> Text:
    return Text(str(kept), str(kept))


def _say_money(_rule: FieldRule, kept: Any, _names: Names) -> Text:
    said = f"{Decimal(kept['amount']):,.2f} {kept['currency']}"
    return Text(said, said)


def _say_moment(_rule: FieldRule, kept: Any, _names: Names) -> Text:
    said = timezone.localtime(datetime.fromisoformat(kept)).strftime("%Y-%m-%d %H:%M")
    return Text(said, said)


def _say_yes_no(_rule: FieldRule, kept: Any, _names: Names) -> Text:
    return Text("是", "Yes") if kept else Text("否", "No")


def _say_choice(rule: FieldRule, kept: Any, _names: Names) -> Text:
    return dict(rule.choices).get(kept) or Text(str(kept), str(kept))


def _say_several(rule: FieldRule, kept: Any, names: Names) -> Text:
    said = [_say_choice(rule, one, names) for one in kept]
    return Text("、".join(t.in_("zh") for t in said), ", ".join(t.in_("en") for t in said))


def _say_ref(rule: FieldRule, kept: Any, names: Names) -> Text:
    said = names.of(rule.kind if rule.kind != "users" else "user", kept)
    return Text(said, said)


def _say_refs(rule: FieldRule, kept: Any, names: Names) -> Text:
    said = [_say_ref(rule, one, names).zh for one in kept]
    return Text("、".join(said), ", ".join(said))


def _say_role(_rule: FieldRule, kept: Any, names: Names) -> Text:
    said = [names.of("role", one) for one in (kept if isinstance(kept, list) else [kept])]
    return Text("、".join(said), ", ".join(said))


def _say_rows(_rule: FieldRule, kept: Any, _names: Names) -> Text:
    return Text(f"{len(kept)} 行", f"{len(kept)} rows")


def _say_files(_rule: FieldRule, kept: Any, _names: Names) -> Text:
    return Text(f"{len(kept)} 个文件", f"{len(kept)} files")


# ---- the list ---------------------------------------------------------------------------------


def _input(widget: Callable[[], forms.Widget]) -> Callable[[FieldRule, Room], forms.Widget]:
    return lambda _rule, _room: widget()


_REFERENCE = FieldKind(_select, read_ref, _say_ref)
_FILES = FieldKind(_input(FilesInput), _files, _say_files, is_files=True)
_ROWS = FieldKind(_table, _rows, _say_rows, is_rows=True)
_LINE = FieldKind(_input(forms.TextInput), read_text, _plain)
KINDS: dict[str, FieldKind] = {
    "text": FieldKind(_area, read_text, _plain),
    "number": FieldKind(
        _input(lambda: forms.TextInput(attrs={"inputmode": "decimal"})),
        read_number,
        _plain,
        lambda kept: Fraction(kept),
    ),
    "money": FieldKind(_input(MoneyInput), read_money, _say_money, lambda kept: Fraction(kept["amount"])),
    "date": FieldKind(_input(DayInput), read_date, _plain, str),
    "datetime": FieldKind(_input(MomentInput), read_datetime, _say_moment, str),
    "yes_no": FieldKind(_yes_no_widget, read_yes_no, _say_yes_no, bool),
    "choice": FieldKind(_select, read_choice, _say_choice, str),
    "any_of": FieldKind(_boxes, read_several, _say_several, tuple),
    "customer": FieldKind(_lookup, read_customer, _say_ref),
    "contact": _LINE,
    "product": _REFERENCE,
    "project": FieldKind(_lookup, read_project, _say_ref),
    "unit": _REFERENCE,
    "user": _REFERENCE,
    "users": FieldKind(_boxes, read_refs, _say_refs, tuple),
    "role": FieldKind(_select, read_choice, _say_role, str),
    "roles": FieldKind(_boxes, read_several, _say_role, tuple),
    "file": _FILES,
    "photo": FieldKind(_input(PhotoInput), _files, _say_files, is_files=True),
    "signature": FieldKind(_input(SignatureInput), read_text, _plain),
    "log": FieldKind(_area, read_text, _plain),
    "tasks": _ROWS,
    "table": _ROWS,
    "from_table": FieldKind(_select, read_choice, _say_choice, str),
    "from_playbook": FieldKind(_select, read_choice, _say_choice, str),
    "result": _LINE,
    "record": FieldKind(_lookup, read_record, _say_ref),
}
"""Every kind there is."""
