"""What is asked where a duty is let go."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from manyi.flow.duties.operations import MOST_REASON


class WaiveForm(forms.Form):
    """The reason for letting a duty go."""

    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason stays on record beside the clause."),
    )  # fmt: skip
