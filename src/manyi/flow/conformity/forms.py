"""What the board and a replay are asked for: which time, which unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Unit

EARLIEST, LATEST = date(1970, 1, 1), date(2299, 12, 31)
YEAR = timedelta(days=365)


class BoardForm(forms.Form):
    """As of which day and for which unit a board is shown; today and all that one sees where nobody says."""

    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        None, label=_("Unit"), required=False, empty_label=_("all")
    )

    def __init__(self, data: Any, *, units: QuerySet[Unit]) -> None:
        super().__init__(data)
        chosen = self.fields["unit"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 — declared so above
        chosen.queryset = units


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
