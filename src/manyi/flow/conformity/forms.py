"""The form of a replay: which time it covers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

YEAR = timedelta(days=365)


class ReplayForm(forms.Form):
    """The first and the last day; the past year where nobody says."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any, *, today: date) -> None:
        usual = {"first": (today - YEAR).isoformat(), "last": today.isoformat()}
        super().__init__({**usual, **{key: data[key] for key in usual if data.get(key)}})

    def clean(self) -> dict[str, Any]:
        """The first day is not later than the last."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("first") and said.get("last") and said["first"] > said["last"]:
            self.add_error("last", _("The last day is before the first."))
        return said
