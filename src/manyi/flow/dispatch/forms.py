"""What is asked where sheets are sent and a row is closed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manyi.core.text import Text
from manyi.flow.dispatch.operations import MOST_REASON
from manyi.flow.dispatch.queries import Pair
from manyi.web.language import reader_language

CHOSEN = "chosen"
"""The scope that means the rows that are ticked."""


class SendForm(forms.Form):
    """How and when, and to whom: the ticked rows, or everybody a rule means."""

    channel = forms.ChoiceField(label=_("Channel"))
    sent_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    scope = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, channels: Mapping[str, Text], today: date, unsent: Sequence[Pair]) -> None:
        super().__init__(data, initial={"sent_on": today})
        self.known = {key_of(pair): pair for pair in unsent}
        self.today = today
        lang = reader_language()
        field = self.fields["channel"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, title.in_(lang)) for key, title in channels.items()]
        self.fields["sent_on"].widget.attrs["max"] = today.isoformat()

    def clean_sent_on(self) -> date:
        """A day that is not in the future."""
        day: date = self.cleaned_data["sent_on"]
        if day > self.today:
            raise forms.ValidationError(_("A sheet cannot have been sent after today."))
        return day

    def ticked(self, keys: Sequence[str]) -> list[Pair]:
        """The rows that were ticked and are still to be sent."""
        return [self.known[key] for key in keys if key in self.known]


class CloseForm(forms.Form):
    """Why a row will not come back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, help_text=_("The personal link stops working; the reason stays.")
    )


def key_of(pair: Pair) -> str:
    """How a form names a customer and product."""
    return json.dumps(pair, ensure_ascii=False)
