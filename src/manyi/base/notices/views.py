"""What a person was told and how he wants it; the robots of groups."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.base.notices.forms import RobotForm, WishForm
from manyi.base.notices.operations import add_robot, mark_read, set_wish, switch_robot, try_again
from manyi.base.notices.queries import count_stuck, get_wish, list_failures, list_notices, list_visible_robots
from manyi.base.people.access import may
from manyi.base.people.queries import list_visible_units
from manyi.web.access import PageRequest, needs, signed_in

PAGE = 50


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PageRequest) -> HttpResponse:
    """What the person was told, newest first, and how he wants it by mail."""
    wish = get_wish(request.user)
    initial = {name: getattr(wish, name) for name in ("mail", "daily_at", "quiet_from", "quiet_to")}
    form = WishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_wish(by=request.user, at=request.at, **form.chosen())
        messages.success(request, _("Saved."))
        return redirect("notices:list")
    page = Paginator(list_notices(request.user), PAGE).get_page(request.GET.get("page"))
    status = 422 if request.method == "POST" else 200
    return render(request, "notices/list.html", {"page": page, "form": form}, status=status)


@signed_in
@require_POST
def read(request: PageRequest) -> HttpResponse:
    """All of them are read."""
    mark_read(by=request.user, at=request.at)
    return redirect("notices:list")


@needs("people.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def robots(request: PageRequest) -> HttpResponse:
    """The robots of groups: what waits, what failed; entering one."""
    units = [unit for unit in list_visible_units(request.user) if may(request.user, "people.manage", unit)]
    form = RobotForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        add_robot(by=request.user, at=request.at, **form.chosen())
        messages.success(request, _("The robot is entered. It speaks at the next notice."))
        return redirect("notices:robots")
    rows = list(list_visible_robots(request.user))
    failures = list_failures(rows)
    words = {"rows": [(robot, failures.get(robot.pk, "")) for robot in rows], "form": form, "stuck": count_stuck()}
    return render(request, "notices/robots.html", words, status=422 if request.method == "POST" else 200)


@needs("people.manage")
@require_POST
def again(request: PageRequest) -> HttpResponse:
    """Send once more what was given up."""
    count = try_again(by=request.user, at=request.at)
    messages.success(request, _("%(count)d are sent again.") % {"count": count})
    return redirect("notices:robots")


@needs("people.manage")
@require_POST
def switch(request: PageRequest, pk: int) -> HttpResponse:
    """Let a robot speak, or be silent."""
    robot = list_visible_robots(request.user).get(pk=pk)
    switch_robot(by=request.user, at=request.at, robot=robot, is_on=not robot.is_on)
    return redirect("notices:robots")
