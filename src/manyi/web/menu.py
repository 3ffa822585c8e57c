"""The menu: what a person may see of the product, in the order of a working day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from manyi.core.text import Text
from manyi.web.access import rights


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the name of its page, the folders of URLs that belong to it, and the verb it needs (or none)."""

    page: str
    label: Text
    folders: tuple[str, ...]
    verb: str = ""


SURVEY = ("plan", "sample", "dispatch", "responses", "scores", "findings")
MENU: tuple[Entry, ...] = (
    Entry("duties:mine", Text("我的工作", "My work"), ("duties", "notices")),
    Entry("conformity:board", Text("条款", "Clauses"), ("conformity",)),
    Entry("plan:list", Text("调查", "Surveys"), SURVEY),
    Entry("records:list", Text("记录", "Registers"), ("records",)),
    Entry("customers:list", Text("客户", "Customers"), ("customers",)),
    Entry("reports:list", Text("报告", "Reports"), ("reports",)),
    Entry("procedure:list", Text("程序", "Procedures"), ("procedure",)),
    Entry("evidence:list", Text("证据", "Evidence"), ("evidence",), "evidence.read"),
    Entry("people:list", Text("管理", "Admin"), ("people", "calendars"), "people.manage"),
)


def menu(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """For templates: ``menu`` (entries) and ``rights`` (verbs). Both are worked out only where a template asks."""
    return {"menu": partial(entries, request), "rights": partial(rights, request)}


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries the person may see, with their addresses and which one the page belongs to."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = request.resolver_match
    here = match.namespaces[0] if match and match.namespaces else ""
    return [
        {"label": entry.label, "url": url, "here": here in entry.folders}
        for entry in MENU
        if (url := _address(entry.page)) and (not entry.verb or entry.verb in rights(request))
    ]


def _address(page: str) -> str:
    """The address of a page; nothing for a stage that has no pages."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
