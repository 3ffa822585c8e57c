"""Pages: the company's tree with its people, one person with roles and password, one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.base.people import operations
from manyi.base.people.forms import EndForm, OwnPasswordForm, PasswordForm, PersonForm, RoleForm, UnitForm
from manyi.base.people.queries import (
    get_visible_assignment,
    get_visible_person,
    list_role_names,
    list_units_with_people,
)
from manyi.web.access import PageRequest, needs, signed_in


@needs("people.manage")
@require_safe
def list_(request: PageRequest) -> HttpResponse:
    """The tree of units, each with its people and their roles."""
    units = list_units_with_people(request.user)
    words = {"units": units, "names": list_role_names(), "today": timezone.localdate(request.at)}
    return render(request, "people/list.html", words)


@needs("people.manage")
def new_unit(request: PageRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None, by=request.user, initial={"parent": request.GET.get("below")})
    if request.method == "POST" and form.is_valid():
        unit = operations.add_unit(by=request.user, at=request.at, **form.cleaned_data)
        messages.success(request, _("%(name)s was added.") % {"name": unit.name})
        return redirect("people:list")
    return render(request, "people/form.html", {"form": form, "title": _("New unit"), "act": _("Add")})


@needs("people.manage")
def new_person(request: PageRequest) -> HttpResponse:
    """Add a person; roles are given on the person's page."""
    form = PersonForm(request.POST or None, by=request.user, initial={"unit": request.GET.get("unit")})
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "password": form.cleaned_data["password"] or None}
        person = operations.add_person(by=request.user, at=request.at, **said)
        messages.success(request, _("%(name)s was added. Now give a role.") % {"name": person.name})
        return redirect("people:person", person.pk)
    return render(request, "people/form.html", {"form": form, "title": _("New person"), "act": _("Add")})


@needs("people.manage")
@require_safe
def person(request: PageRequest, pk: int) -> HttpResponse:
    """One person: roles held and ended, a new role, a new password, disabling."""
    today = timezone.localdate(request.at)
    words = {
        "person": get_visible_person(request.user, pk), "names": list_role_names(), "today": today,
        "role_form": RoleForm(by=request.user, initial={"from_on": today}), "password_form": PasswordForm(),
    }  # fmt: skip
    return render(request, "people/person.html", words)


@needs("people.manage")
@require_POST
def password(request: PageRequest, pk: int) -> HttpResponse:
    """Set a person's password."""
    who = get_visible_person(request.user, pk)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return render(request, "people/form.html", {"form": form, "title": who.name, "act": _("Set the password")})
    operations.set_password(by=request.user, at=request.at, person=who, password=form.cleaned_data["password"])
    messages.success(request, _("The password was set."))
    return redirect("people:person", pk)


@needs("people.manage")
@require_POST
def disable(request: PageRequest, pk: int) -> HttpResponse:
    """The person signs in no more."""
    who = get_visible_person(request.user, pk)
    operations.disable_person(by=request.user, at=request.at, person=who)
    messages.success(request, _("%(name)s can no longer sign in.") % {"name": who.name})
    return redirect("people:person", pk)


@needs("people.manage")
@require_POST
def assign(request: PageRequest, pk: int) -> HttpResponse:
    """Give the person a role."""
    who = get_visible_person(request.user, pk)
    form = RoleForm(request.POST, by=request.user)
    if not form.is_valid():
        return render(request, "people/form.html", {"form": form, "title": who.name, "act": _("Give the role")})
    operations.assign_role(by=request.user, at=request.at, person=who, **form.cleaned_data)
    messages.success(request, _("The role was given."))
    return redirect("people:person", pk)


@needs("people.manage")
@require_POST
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End a role from a day on."""
    assignment = get_visible_assignment(request.user, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        words = {"form": form, "title": assignment.person.name, "act": _("End the role")}
        return render(request, "people/form.html", words)
    operations.end_assignment(by=request.user, at=request.at, assignment=assignment, on=form.cleaned_data["on"])
    messages.success(request, _("The role was ended."))
    return redirect("people:person", assignment.person_id)


@signed_in
def own_password(request: PageRequest) -> HttpResponse:
    """Change one's own password; the session goes on, all others of the person end."""
    form = OwnPasswordForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["password"]
        operations.set_password(by=request.user, at=request.at, person=request.user, password=new)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password was changed."))
        return redirect("start")
    return render(request, "people/form.html", {"form": form, "title": _("Your password"), "act": _("Change")})
