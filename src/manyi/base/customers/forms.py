"""Forms of the register: one customer, a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from manyi.base.customers.models import Contact, Customer
from manyi.base.customers.operations import NewCustomer
from manyi.base.people.models import Unit

KINDS = (".xlsx", ".csv", ".csv.gz", ".parquet")
MOST = 50 * 1024**2


class CustomerForm(forms.Form):
    """One customer with its first contact."""

    code = forms.CharField(label=gettext_lazy("Customer number"), max_length=60)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    unit = forms.ChoiceField(label=gettext_lazy("Looked after by"))
    country = forms.CharField(label=gettext_lazy("Country"), max_length=60, required=False)
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=120, required=False)
    department = forms.CharField(label=gettext_lazy("Department of the contact"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)

    def __init__(self, units: Iterable[Unit], *args: Any, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self.units.items()]  # type: ignore[attr-defined]
        self.fields["code"].disabled = fixed_code

    @property
    def chosen(self) -> Unit:
        """The unit that was chosen."""
        return self.units[self.cleaned_data["unit"]]

    def row(self) -> NewCustomer:
        """What was filled in."""
        return NewCustomer(**{name: self.cleaned_data[name] for name in self.fields})


class ProjectForm(forms.Form):
    """One project, of a customer or of none."""

    short = forms.CharField(label=gettext_lazy("Short name"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    unit = forms.ChoiceField(label=gettext_lazy("Looked after by"))
    customer = forms.CharField(label=gettext_lazy("Customer number"), max_length=60, required=False)

    def __init__(self, units: Iterable[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self.units.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Unit:
        """The unit that was chosen."""
        return self.units[self.cleaned_data["unit"]]


def said_of(customer: Customer, contact: Contact | None) -> dict[str, str]:
    """What the form shows of a customer on record."""
    found = {"code": customer.code, "name": customer.name, "unit": customer.unit.key, "country": customer.country}
    if contact is not None:
        found |= {
            "contact": contact.name, "department": contact.department, "email": contact.email, "phone": contact.phone,
        }  # fmt: skip
    return found


class RegisterForm(forms.Form):
    """A file of customers and sales, and the unit whose register it is for."""

    file = forms.FileField(label=gettext_lazy("File (.xlsx, .csv or .parquet)"))
    unit = forms.ChoiceField(label=gettext_lazy("Into the register of"))

    def __init__(self, units: Iterable[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.key: unit for unit in units}
        self.fields["unit"].choices = [(key, unit.name) for key, unit in self.units.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Unit:
        """The unit that was chosen."""
        return self.units[self.cleaned_data["unit"]]

    def clean_file(self) -> UploadedFile[Any]:
        """A kind that can be read, and not too large."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(KINDS):
            raise forms.ValidationError(_("Give an .xlsx, .csv, .csv.gz or .parquet file."))
        if (file.size or 0) > MOST:
            raise forms.ValidationError(_("The file is larger than 50 MB."))
        return file
