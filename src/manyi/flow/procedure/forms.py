"""The forms of procedures: a file or a shipped one comes in; a day from which a revision holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_visible_units
from manyi.language.load import BIGGEST
from manyi.library import find_procedure, list_procedures


class ImportForm(forms.Form):
    """A procedure file, or one that ships with Manyi; exactly one of both."""

    file = forms.FileField(label=_("Procedure file"), required=False, help_text=_("A .yaml file of at most 1 MB"))
    shipped = forms.ChoiceField(label=_("Or one that is shipped"), required=False)
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        None, label=_("For the unit"), help_text=_("It holds for this unit and all below it.")
    )
    reason = forms.CharField(label=_("What changes, and why"), required=False, max_length=500)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped: Any = self.fields["shipped"]
        shipped.choices = [("", "—"), *((key, key) for key in list_procedures())]
        units: Any = self.fields["unit"]
        units.queryset = list_visible_units(by)
        units.initial = units.queryset.first()

    def clean_file(self) -> UploadedFile[Any] | None:
        """A file that is too large is not even read."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > BIGGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB. A procedure is a text of some kB."))
        return file

    def clean(self) -> dict[str, Any]:
        """One of both, not none and not two."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(said.get("file")) == bool(said.get("shipped")):
            raise forms.ValidationError(_("Choose a file, or one that is shipped; not both."))
        return said

    def text(self) -> bytes:
        """The text of what was chosen."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None:
            return bytes(file.read())
        path = find_procedure(self.cleaned_data["shipped"])
        return path.read_bytes() if path else b""


class EditForm(forms.Form):
    """The text of a procedure as it is written, and why it changes."""

    text = forms.CharField(
        label=_("Text of the procedure"), max_length=BIGGEST, strip=False,
        widget=forms.Textarea({"rows": 30, "class": "form-control code", "spellcheck": "false", "wrap": "off"}),
    )  # fmt: skip
    reason = forms.CharField(label=_("What changes, and why"), max_length=500, required=False)

    def clean_text(self) -> str:
        """Line ends as files have them; browsers send others."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """A draft needs a reason, a check does not."""
        said: dict[str, Any] = super().clean() or {}
        if "save" in self.data and not said.get("reason"):
            self.add_error("reason", _("Say in a sentence what changes, and why."))
        return said


class InForceForm(forms.Form):
    """The first day on which a revision holds."""

    from_date = forms.DateField(label=_("In force from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_date"].initial = today
