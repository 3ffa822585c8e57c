"""Forms of the staff: a sheet on paper, a file of sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from manyi.core.forms import Questionnaire
from manyi.flow.responses.form import PREFIX
from manyi.flow.responses.operations import MOST_COMMENT
from manyi.web.language import reader_language

KINDS = (".xlsx", ".csv", ".csv.gz", ".parquet")
MOST = 50 * 1024**2


class PaperForm(forms.Form):
    """The answers of a sheet; its items and grades come from the wave's questionnaire."""

    returned_on = forms.DateField(
        label=gettext_lazy("Returned on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    comment = forms.CharField(
        label=gettext_lazy("Remarks"), required=False, max_length=MOST_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, questionnaire: Questionnaire, *args: Any, comment_title: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = reader_language()
        grades = [(grade.key, grade.title.in_(lang)) for grade in questionnaire.scale.grades]
        grades += [(key, _("Not applicable")) for key in sorted(questionnaire.scale.missing)]
        self.items = [PREFIX + item.key for item in questionnaire.items]
        for item in questionnaire.items:
            self.fields[PREFIX + item.key] = forms.ChoiceField(
                label=item.title.in_(lang), required=False, choices=[("", "—"), *grades], widget=forms.RadioSelect
            )
        self.fields["comment"].label = comment_title or self.fields["comment"].label
        self.order_fields(["customer", "product", "number", "returned_on", *self.items, "comment"])

    @property
    def grades(self) -> list[str]:
        """The heads of the table of answers."""
        return [str(label) for _, label in self.fields[self.items[0]].choices]  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[tuple[str, str, list[tuple[str, str, bool]], bool]]:
        """One line an item: label, name, (value, title, whether it is chosen) of each grade, whether it is wrong."""
        found = []
        for name in self.items:
            bound, field = self[name], self.fields[name]
            chosen = str(bound.value() or "")
            options = [(str(v), str(label), str(v) == chosen) for v, label in field.choices]  # type: ignore[attr-defined]
            found.append((str(field.label), name, options, bool(bound.errors)))
        return found

    @property
    def before(self) -> list[forms.BoundField]:
        """The fields above the answers."""
        return [bound for bound in self if bound.name not in (*self.items, "comment")]

    def answers(self) -> dict[str, str]:
        """The grades by item; blanks are left out."""
        return {name[len(PREFIX) :]: self.cleaned_data[name] for name in self.items if self.cleaned_data[name]}


class VisitForm(PaperForm):
    """A sheet without a ledger row: filled in during a visit, or handed over unasked."""

    customer = forms.CharField(label=gettext_lazy("Customer number"), max_length=60)
    product = forms.CharField(label=gettext_lazy("Product"), max_length=120)
    number = forms.CharField(
        label=gettext_lazy("Sheet no."), max_length=60, required=False,
        help_text=gettext_lazy("Leave it empty where the sheet bears none."),
    )  # fmt: skip

    def __init__(self, questionnaire: Questionnaire, *args: Any, per_product: bool, **kwargs: Any) -> None:
        super().__init__(questionnaire, *args, **kwargs)
        if not per_product:
            del self.fields["product"]


class FileForm(forms.Form):
    """A file of sheets."""

    file = forms.FileField(label=gettext_lazy("File (.xlsx, .csv or .parquet)"))
    add_customers = forms.BooleanField(
        label=gettext_lazy("Add customers and products that are not on record yet"), required=False
    )

    def clean_file(self) -> UploadedFile[Any]:
        """A kind that can be read, and not too large."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(KINDS):
            raise forms.ValidationError(_("Give an .xlsx, .csv, .csv.gz or .parquet file."))
        if (file.size or 0) > MOST:
            raise forms.ValidationError(_("The file is larger than 50 MB."))
        return file
