"""Where a duty is done: worked out from its subject and its rule, by the names of pages. No later stage is imported."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import is_of_report
from manyi.flow.procedure.queries import read_revision

WAVE, RECORD = "plan.wave:", "records.record:"
STEPS = {
    "draw": "sample:wave",
    "send": "dispatch:wave",
    "collect": "responses:wave",
    "analyse": "scores:wave",
}
"""Where a step of a wave is done; every other step of a survey is reported done on the wave's own page."""


def place_of(duty: Duty) -> str:
    """The page on which a duty is done; empty where there is none.

    Work that has begun is gone on with; work that is only called for begins on the page that opens it, which is told
    for which duty.
    """
    if duty.subject.startswith(WAVE):
        page = "reports:wave" if is_of_report(duty) else STEPS.get(duty.step, "plan:wave")
        return _page(page, int(duty.subject.removeprefix(WAVE)))
    if duty.subject.startswith(RECORD):
        return _page("records:record", int(duty.subject.removeprefix(RECORD).partition(":")[0]))
    return _beginning(duty)


def _beginning(duty: Duty) -> str:
    kind, procedure = duty.rule.partition(".")[0], read_revision(duty.revision)
    asked = urlencode({"duty": duty.pk})
    if kind in procedure.programmes:
        page = _page("plan:new")
    elif is_of_report(duty):
        return _page("plan:list")
    elif kind in procedure.records:
        page = _page("records:start", kind)
    else:  # a plain duty: its page takes the proof, or shows where the work is done that proves it
        return _page("duties:duty", duty.pk)
    return f"{page}?{asked}" if page else ""


def place_of_proof(duty: Duty, name: str) -> str:
    """The page on which the work is done that proves a plain duty."""
    kind, procedure = name.partition(".")[0], read_revision(duty.revision)
    record = procedure.records.get(kind)
    if kind in procedure.programmes:
        return _page("plan:list")
    if record is not None and record.contains:
        return _page("reports:list")
    return _page("records:kind", kind) if record is not None else ""


def _page(name: str, *args: int | str) -> str:
    """The address of a page; nothing where its stage has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
