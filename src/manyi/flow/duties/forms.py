"""What is asked where a duty is reported done or let go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manyi.flow.duties.operations import MOST_NOTE, MOST_REASON

MOST_BYTES = 20 * 1024**2


class WaiveForm(forms.Form):
    """The reason for letting a duty go."""

    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason stays on record beside the clause."),
    )  # fmt: skip


class DayInput(forms.DateInput):
    """A day as every browser's own control asks for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReportForm(forms.Form):
    """What was done, when, and the file that proves it."""

    note = forms.CharField(label=_("What was done"), max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
    done_on = forms.DateField(label=_("Done on"), widget=DayInput())
    file = forms.FileField(label=_("File"), max_length=200)

    def __init__(self, *args: Any, wanted: tuple[str, ...], today: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = "file" in wanted
        self.fields["done_on"].initial = timezone.localdate(today)

    def clean_file(self) -> Any:
        """Not too big; an empty one Django refuses itself."""
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file

    def said(self, at: datetime) -> dict[str, Any]:
        """What the operation is told. A day stands for its end, today for now."""
        day, file = self.cleaned_data["done_on"], self.cleaned_data["file"]
        end = timezone.make_aware(datetime.combine(day, datetime.max.time()).replace(microsecond=0))
        return {
            "note": self.cleaned_data["note"],
            "happened_at": at if day == timezone.localdate(at) else end,
            "title": file.name if file else "",
            "content": file.read() if file else b"",
        }
