"""What is asked for when a report is made, given back or filed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MakeForm(forms.Form):
    """In which language the report is made."""

    language = forms.ChoiceField(label=_("Language of the report"), choices=[("zh", "中文"), ("en", "English")])


class FileForm(forms.Form):
    """Where a report is filed."""

    place = forms.CharField(label=_("Where it is filed"), max_length=500)


class ReturnForm(forms.Form):
    """Why a report is given back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
