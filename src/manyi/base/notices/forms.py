"""How somebody wants notices; a robot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manyi.base.notices.models import Robot, Wish
from manyi.base.people.models import Unit


class TimeInput(forms.TimeInput):
    """A time as every browser's own control asks for it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WishForm(forms.Form):
    """By mail at once, once a day or not; and the quiet hours."""

    mail = forms.ChoiceField(label=_("Mails"), choices=Wish.Mail.choices)
    daily_at = forms.TimeField(label=_("Once a day at"), required=False, widget=TimeInput())
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput())
    quiet_to = forms.TimeField(
        label=_("Quiet until"), required=False, widget=TimeInput(),
        help_text=_("Mails wait until then; what is urgent comes at once. Here you see everything at any time."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or neither."""
        said = super().clean() or {}
        if bool(said.get("quiet_from")) != bool(said.get("quiet_to")):
            self.add_error("quiet_to", _("Say from when and until when, or neither."))
        return said

    def chosen(self) -> dict[str, Any]:
        """The answers as the operation takes them."""
        said = self.cleaned_data
        quiet = (said["quiet_from"], said["quiet_to"]) if said["quiet_from"] else None
        return {"mail": said["mail"], "daily_at": said["daily_at"] or time(8, 30), "quiet": quiet}


class RobotForm(forms.Form):
    """The robot of a group chat."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    unit = forms.ChoiceField(label=_("Unit"), help_text=_("It tells what concerns this unit and those below."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Robot.Kind.choices)
    address = forms.URLField(label=_("Address of the robot"), max_length=500, assume_scheme="https")
    secret = forms.CharField(
        label=_("Secret of the signature"), required=False, max_length=200, widget=forms.PasswordInput()
    )

    def __init__(self, data: Any, *, units: Sequence[Unit]) -> None:
        super().__init__(data)
        self.units = {str(unit.pk): unit for unit in units}
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, unit.name) for key, unit in self.units.items()]

    def chosen(self) -> dict[str, Any]:
        """The answers as the operation takes them."""
        return {**self.cleaned_data, "unit": self.units[self.cleaned_data["unit"]]}
