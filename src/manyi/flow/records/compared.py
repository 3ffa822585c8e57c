"""What somebody typed beside what stands now, for the second of two who write at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.core.flows import FieldRule
from manyi.core.text import Text
from manyi.flow.records.fields import kind_of, say_field
from manyi.flow.records.forms import FIELD, StepForm
from manyi.flow.records.ground import Standing
from manyi.flow.records.queries import names_for
from manyi.flow.records.room import Names

OUTCOME = Text("结果", "Outcome")


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: its title, what was typed into it, and what stands there now."""

    title: Text
    typed: Text
    now: Text


def compared_of(form: StepForm, standing: Standing, outcome: str) -> list[Compared]:
    """What was typed into a form that has been checked, field by field, beside the record as it stands; where both are
    empty the field is left out. What was no value is given as it was typed, files by their names."""
    form.is_valid()
    fields = form.step.fields
    typed = {one.key: form.cleaned_data.get(f"{FIELD}{one.key}") for one in fields}
    now = {one.key: _stands(standing, one) for one in fields}
    names = names_for(fields, [typed, now])
    found = []
    for one in fields:
        name = f"{FIELD}{one.key}"
        said = _as_typed(form[name].value()) if form[name].errors else _said(one, typed[one.key], names)
        found.append(Compared(one.title, said, _said(one, now[one.key], names)))
    found += [Compared(_label(form, name), _as_typed(form[name].value()), Text()) for name in _others(form)]
    chosen = form.step.outcome(outcome)
    found.append(Compared(OUTCOME, chosen.title if chosen else Text(), Text()))
    return [one for one in found if one.typed != Text() or one.now != Text()]


def _others(form: StepForm) -> list[str]:
    """What a form asks for beside the fields of the step: proofs, when it was done, the remark."""
    return [name for name in form.fields if not name.startswith(FIELD) and name != "signed"]


def _label(form: StepForm, name: str) -> Text:
    said = str(form.fields[name].label)
    return Text(said, said)


def _stands(standing: Standing, one: FieldRule) -> Any:
    if one.kind == "log":
        return [str(row.data.get("text", "")) for row in standing.rows.get(one.key, [])]
    if kind_of(one).is_rows:
        return [row.data for row in standing.rows.get(one.key, [])]
    if kind_of(one).is_files:
        return [file.file.title for file in standing.record.attachments.filter(field=one.key).select_related("file")]
    return standing.record.data.get(one.key)


def _said(one: FieldRule, value: Any, names: Names) -> Text:
    if kind_of(one).is_rows and isinstance(value, list):
        lines = [[say_field(column, row.get(column.key), names) for column in one.columns] for row in value]
        zh, en = ("\n".join(" · ".join(cell.in_(lang) for cell in line) for line in lines) for lang in ("zh", "en"))
        return Text(zh, en)
    if kind_of(one).is_files or (one.kind == "log" and isinstance(value, list)):
        return _as_typed(value)
    return say_field(one, value, names)


def _as_typed(value: Any) -> Text:
    parts = value if isinstance(value, list | tuple) else [value]
    said = "\n".join(_word(part) for part in parts if part not in (None, ""))
    return Text(said, said)


def _word(part: Any) -> str:
    """A part of what was typed: a row by its cells, a file by its name."""
    if isinstance(part, dict):
        return " · ".join(str(cell) for key, cell in part.items() if key != "key" and cell not in (None, ""))
    return str(getattr(part, "name", part))
