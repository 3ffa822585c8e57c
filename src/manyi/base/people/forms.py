"""The forms of units, people and their roles. Names of units and roles are chosen, never typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_role_names, list_visible_units
from manyi.web.language import reader_language

KINDS = (
    ("company", _("company")),
    ("department", _("department")),
    ("office", _("office")),
    ("section", _("section")),
    ("service_centre", _("service centre")),
)


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NewPassword(forms.PasswordInput):
    """A password a password manager may propose."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password"})


class PresentPassword(forms.PasswordInput):
    """The password a password manager has."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "current-password"})


class UnitForm(forms.Form):
    """A new unit below one the person sees."""

    parent: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(None, label=_("Below"))
    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("Short and lasting; tables and files name the unit by it.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="department")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents: Any = self.fields["parent"]
        parents.queryset = list_visible_units(by)


class PersonForm(forms.Form):
    """A new person."""

    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(None, label=_("Unit"))
    name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"), required=False, strip=False, widget=NewPassword,
        help_text=_("At least 10 characters. Without one the person cannot sign in yet."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = list_visible_units(by)


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"), strip=False, widget=NewPassword, help_text=_("At least 10 characters.")
    )
    again = forms.CharField(label=_("The same again"), strip=False, widget=NewPassword)

    def clean_again(self) -> str:
        """Both have to be the same."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class OwnPasswordForm(PasswordForm):
    """A person's own new password: whoever finds an open page must not be able to set one."""

    old = forms.CharField(label=_("Present password"), strip=False, widget=PresentPassword)
    field_order = ("old", "password", "again")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_old(self) -> str:
        """The present password has to be right."""
        old = str(self.cleaned_data["old"])
        if not self.by.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old


class RoleForm(forms.Form):
    """A role for a unit and all below it, from a day."""

    role = forms.ChoiceField(label=_("Role"))
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(None, label=_("For the unit"))
    from_on = forms.DateField(label=_("From"), widget=DayInput)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles: Any = self.fields["role"]
        roles.choices = [(key, name.in_(reader_language())) for key, name in list_role_names().items()]
        units: Any = self.fields["unit"]
        units.queryset = list_visible_units(by)


class EndForm(forms.Form):
    """The first day on which a role is no longer held."""

    on = forms.DateField(label=_("From this day no longer"), widget=DayInput)
