"""The forms of records: built from what the procedure says of a step, read by the one reader of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Person, Unit
from manyi.core.errors import Fault
from manyi.core.flows import FieldRule, FlowRule, FlowStep, Open, OutcomeRule
from manyi.core.text import Text
from manyi.flow.records.fields import kind_of, read_field
from manyi.flow.records.models import Record, Row
from manyi.flow.records.presets import moment_of
from manyi.flow.records.registers import Wanted
from manyi.flow.records.room import Room, Wrong
from manyi.flow.records.slots import slots_of
from manyi.flow.records.storing import PROOF, Filling, Upload
from manyi.flow.records.widgets import DayInput, FilesInput, MomentInput
from manyi.web.language import reader_language

EVIDENCE = {
    "file": Text("文件", "File"), "letter": Text("信函", "Letter"), "fax": Text("传真", "Fax"),
    "email": Text("电子邮件", "E-mail"), "message": Text("短信或消息", "Message"), "call": Text("通话", "Call"),
    "answer": Text("答复", "Answer"), "receipt": Text("回执", "Receipt"), "archived": Text("归档", "Filing"),
}  # fmt: skip
FIELD = "f_"
ASIDE = ("began_at", "channel", "reason", "happened_at", "note")
MOST_AT_ONCE = 6
AHEAD = {"on_site": ("photo", "signature", "file")}
"""By kind of page, the kinds of fields that stand first and are never folded away."""


class FilesField(forms.Field):
    """Several files."""

    widget = FilesInput

    def clean(self, value: Any) -> list[Any]:
        """The files that came."""
        return _uploaded(value)


class Control(forms.Field):
    """One field of a record's form; what it gives is what is kept."""

    def __init__(self, rule: FieldRule, room: Room, *, required: bool) -> None:
        widget = kind_of(rule).widget(rule, room)
        super().__init__(required=required, label=rule.title.in_(reader_language()), widget=widget)
        self.rule, self.room = rule, room

    def clean(self, value: Any) -> Any:
        """The value as it is kept."""
        if kind_of(self.rule).is_files:
            value = _uploaded(value)
        if value in (None, "", []):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return value if kind_of(self.rule).is_files else None
        try:
            return read_field(self.rule, value, self.room)
        except Wrong as wrong:
            raise forms.ValidationError(wrong.text.in_(reader_language())) from None


class StepForm(forms.Form):
    """What a step asks for: its fields, proofs and signature; and, folded away, when it happened and a remark."""

    def __init__(
        self,
        *args: Any,
        step: FlowStep,
        flow: FlowRule,
        room: Room,
        by: Person,
        record: Record | None = None,
        rows: dict[str, list[Row]] | None = None,
        at: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step, self.flow = step, flow
        for one in _in_order(step, flow):
            control = Control(one, room, required=not one.optional and not step.attempts)
            control.initial = _initial(one, record, rows or {}, room, timezone.localtime(at))
            if control.initial in (None, "", []):  # an initial value of the form stands where nothing is kept
                control.initial = self.initial.get(f"{FIELD}{one.key}", control.initial)
            if kind_of(one).is_files and control.initial:
                control.required = False
            self.fields[f"{FIELD}{one.key}"] = control
        for word in proofs_of(step, flow):
            self._ask_for(word)
        if step.sign or "signature" in step.evidence:
            label = _("I sign as %(name)s") % {"name": by.name}
            self.fields["signed"] = forms.BooleanField(label=label, required=not step.attempts)
        self.fields["note"] = forms.CharField(
            label=_("Remark"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields["happened_at"] = forms.DateTimeField(
            label=_("Done when"), required=False, widget=MomentInput(), help_text=_("Left empty: now.")
        )

    def _ask_for(self, word: str) -> None:
        title = EVIDENCE.get(word, Text(word, word)).in_(reader_language())
        if word != "file":
            self.fields[f"{PROOF}{word}"] = forms.CharField(
                label=_("Proof: %(what)s") % {"what": title}, required=False, max_length=500,
                help_text=_("Number, date or where it is found; or attach it."),
            )  # fmt: skip
        label = _("Attach: %(what)s") % {"what": title}
        self.fields[f"{PROOF}{word}_file"] = FilesField(label=label, required=False)

    @property
    def main(self) -> list[Any]:
        """The fields that are shown at once: all of a short form, of a long one those that have to be filled."""
        return [self[name] for name in self._own if name not in self._folded]

    @property
    def more(self) -> list[Any]:
        """What may stay empty in a long form."""
        return [self[name] for name in self._own if name in self._folded]

    @property
    def _own(self) -> list[str]:
        return [name for name in self.fields if name not in ASIDE]

    @property
    def _folded(self) -> frozenset[str]:
        own = self._own
        if len(own) <= MOST_AT_ONCE:
            return frozenset()
        ahead = {f"{FIELD}{one.key}" for one in self.step.fields if one.kind in AHEAD.get(self.flow.page, ())}
        return frozenset(
            n for n in own if not (self.fields[n].required or self[n].errors or n.startswith(PROOF) or n in ahead)
        )

    @property
    def aside(self) -> list[Any]:
        """The fields that are folded away."""
        return [self[name] for name in ASIDE if name in self.fields]

    def filling(self, outcome: str) -> Filling:
        """The answers as the operation takes them."""
        said = self.cleaned_data
        data, files, proofs = {}, {}, {}
        for one in self.step.fields:
            value = said.get(f"{FIELD}{one.key}")
            if kind_of(one).is_files:
                files[one.key] = _uploads(value or [])
            else:
                data[one.key] = value
        for word in proofs_of(self.step, self.flow):
            proofs[word] = said.get(f"{PROOF}{word}", "")
            files[f"{PROOF}{word}"] = _uploads(said.get(f"{PROOF}{word}_file") or [])
        return Filling(
            data=data, files={key: given for key, given in files.items() if given}, outcome=outcome, proofs=proofs,
            signed=bool(said.get("signed")), note=said.get("note", ""), happened_at=said.get("happened_at"),
        )  # fmt: skip

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Show why an operation refused, beside the field where it is about one."""
        lang = reader_language()
        for fault in faults:
            names = (f"{FIELD}{fault.column}", fault.column, f"{fault.column}_file")
            place = next((name for name in names if name in self.fields), None)
            told = fault.message.in_(lang) if place else f"{fault.message.in_(lang)} · {fault.hint.in_(lang)}"
            self.add_error(place, told)


class StartForm(StepForm):
    """A new record: for which unit, and what its first step asks for."""

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        if len(self.units) > 1:
            choices = [(key, unit.name) for key, unit in self.units.items()]
            own = str(kwargs["by"].unit_id)
            self.fields["unit"] = forms.ChoiceField(label=_("For the unit"), choices=choices, initial=own)
            self.order_fields(["unit", *(name for name in self.fields if name != "unit")])
        self.fields["began_at"] = forms.DateTimeField(
            label=_("Happened or received"), required=False, widget=MomentInput(), help_text=_("Left empty: now.")
        )
        if self.flow.channels:
            lang = reader_language()
            ways = [("", "—"), *((key, title.in_(lang)) for key, title in self.flow.channels)]
            self.fields["channel"] = forms.ChoiceField(label=_("Came by"), choices=ways, required=False)
        if self.flow.openers:
            self.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=500)

    def chosen(self) -> dict[str, Any]:
        """Unit, time, channel and reason as the operation takes them."""
        said = self.cleaned_data
        first = next(iter(self.units.values()), None)
        return {
            "unit": self.units.get(said.get("unit", ""), first), "happened_at": said.get("began_at"),
            "channel": said.get("channel", ""), "reason": said.get("reason", ""),
        }  # fmt: skip


class PassForm(forms.Form):
    """To whom a record is passed on, and why."""

    person = forms.ChoiceField(label=_("To the person"), required=False)
    unit = forms.ChoiceField(label=_("Or to the unit"), required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, room: Room) -> None:
        super().__init__(*args)
        for name, choices in (("person", room.people), ("unit", room.units)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "—"), *choices]


class RemarkForm(forms.Form):
    """A remark, with files."""

    text = forms.CharField(label=_("Remark"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
    attached = FilesField(label=_("Files"), required=False)

    def uploads(self) -> list[Upload]:
        """The files that came with it."""
        return _uploads(self.cleaned_data.get("attached") or [])


class ReasonForm(forms.Form):
    """A reason, or where something lies."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CorrectForm(forms.Form):
    """A new value for one field, with the reason."""

    reason = forms.CharField(label=_("Reason for the correction"), max_length=500)

    def __init__(self, *args: Any, rule: FieldRule, room: Room, record: Record, rows: dict[str, list[Row]]) -> None:
        super().__init__(*args)
        control = Control(rule, room, required=not rule.optional)
        control.initial = _initial(rule, record, rows, room)
        self.fields["value"] = control
        self.order_fields(["value", "reason"])


class FilterForm(forms.Form):
    """What is looked for in a register."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    first = forms.DateField(label=_("Opened from"), required=False, widget=DayInput())
    last = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def __init__(self, data: Any, *, flow: FlowRule, units: Sequence[Unit]) -> None:
        super().__init__(data)
        lang, slots = reader_language(), slots_of(flow)
        states = [("open", _("open")), ("overdue", _("overdue")), ("closed", _("closed")), ("void", _("void"))]
        self._choose("state", [*states, ("all", _("all"))])
        self._choose("unit", [("", _("all")), *((str(unit.pk), unit.name) for unit in units)])
        self.marked = [
            one for one in flow.fields if one.kind == "choice" and slots.get(one.key, "").startswith("text")
        ][:3]
        for one in self.marked:
            choices = [("", _("all")), *((key, title.in_(lang)) for key, title in one.choices)]
            self.fields[f"{FIELD}{one.key}"] = forms.ChoiceField(
                label=one.title.in_(lang), choices=choices, required=False
            )

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wanted(self, sort: str) -> Wanted:
        """What is looked for; what makes no sense is left out."""
        self.is_valid()
        said = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        unit = said.get("unit") or ""
        fields = tuple((one.key, value) for one in self.marked if (value := said.get(f"{FIELD}{one.key}")))
        return Wanted(
            words=(said.get("q") or "").strip(), state=said.get("state") or "open", unit=int(unit) if unit else None,
            first=said.get("first"), last=said.get("last"), fields=fields, sort=sort,
        )  # fmt: skip


class HappeningForm(forms.Form):
    """Something that happened in the company's world."""

    name = forms.ChoiceField(label=_("What happened"))
    unit = forms.ChoiceField(label=_("Unit"))
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)
    project = forms.CharField(label=_("Project"), required=False, max_length=200)
    happened_at = forms.DateTimeField(
        label=_("When"), required=False, widget=MomentInput(), help_text=_("Left empty: now.")
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def __init__(self, *args: Any, names: Iterable[str], units: Sequence[Unit]) -> None:
        super().__init__(*args)
        self.units = {str(unit.pk): unit for unit in units}
        for key, choices in (
            ("name", [(name, name) for name in sorted(names)]),
            ("unit", [(key, unit.name) for key, unit in self.units.items()]),
        ):
            field = self.fields[key]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        self.fields["customer"].widget.attrs["data-find"] = "customer"
        self.fields["project"].widget.attrs["data-find"] = "project"


def proofs_of(step: FlowStep, flow: FlowRule) -> list[str]:
    """The proofs a step asks for by name: not fields, not events, not the signature."""
    known = {one.key for one in flow.fields}
    return [word for word in step.evidence if word not in known and "." not in word and word != "signature"]


def buttons_of(opened: Open, outcomes: Sequence[OutcomeRule]) -> list[tuple[str, Text]]:
    """The buttons that take a step: one for each outcome, or a single one."""
    return [(one.key, one.title) for one in outcomes] or [("", opened.step.title)]


def _in_order(step: FlowStep, flow: FlowRule) -> list[FieldRule]:
    """The fields of a step as they are filled in: a report made on the spot begins with pictures and signature."""
    first = AHEAD.get(flow.page, ())
    return sorted(step.fields, key=lambda one: first.index(one.kind) if one.kind in first else len(first))


def _initial(
    rule: FieldRule, record: Record | None, rows: dict[str, list[Row]], room: Room, at: datetime | None = None
) -> Any:
    """What a field begins with: what is kept, else what the procedure proposes at the instant ``at``."""
    if rule.kind == "log":
        return None
    if kind_of(rule).is_rows:
        return [{**row.data, "key": row.key} for row in rows.get(rule.key, [])]
    kept = record.data.get(rule.key) if record is not None else None
    if kept is None:
        return _proposed(rule, at) if rule.kind in ("date", "datetime") else rule.default or None
    if rule.kind == "datetime":
        return timezone.localtime(datetime.fromisoformat(kept))
    if rule.kind == "yes_no":
        return "yes" if kept else "no"
    if rule.kind in ("customer", "project", "record"):
        return _named(rule, kept, room)
    return kept


def _proposed(rule: FieldRule, at: datetime | None) -> Any:
    when = moment_of(rule.default, at) if rule.default and at is not None else None
    return "" if when is None else when.date() if rule.kind == "date" else when


def _named(rule: FieldRule, kept: int, room: Room) -> str:
    return room.label(rule.kind, kept)


def _uploaded(value: Any) -> list[Any]:
    return [one for one in (value or []) if isinstance(one, UploadedFile)]


def _uploads(files: Iterable[Any]) -> list[Upload]:
    return [Upload(one.name or "file", one.read()) for one in files]
