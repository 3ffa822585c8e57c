"""The words for states and verdicts, with a colour each; the word says it, the colour only helps to scan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

GREEN, BLUE, AMBER, RED, GREY = "green", "blue", "yellow", "red", "secondary"

STATES = {
    "open": (BLUE, _("open")),
    "to_come": (GREY, _("to come")),
    "overdue": (RED, _("overdue")),
    "due_soon": (AMBER, _("due soon")),
    "discharged": (GREEN, _("done")),
    "done": (GREEN, _("done")),
    "done_late": (AMBER, _("done late")),
    "missed": (RED, _("missed")),
    "waived": (GREY, _("waived")),
    "superseded": (GREY, _("superseded")),
    "closed": (GREY, _("closed")),
    "draft": (AMBER, _("draft")),
    "submitted": (BLUE, _("submitted")),
    "approved": (GREEN, _("approved")),
    "in_force": (GREEN, _("in force")),
    "sent": (BLUE, _("sent")),
    "returned": (GREEN, _("returned")),
    "waiting": (AMBER, _("waiting")),
    "running": (BLUE, _("running")),
    "refused": (RED, _("refused")),
    "stopped": (GREY, _("stopped")),
    "failed": (RED, _("failed")),
    "met": (GREEN, _("met")),
    "met_late": (AMBER, _("met late")),
    "not_met": (RED, _("not met")),
    "not_due": (GREY, _("not due")),
    "informative": (GREY, _("informative")),
    "not_evaluated": (GREY, _("cannot be evaluated")),
    "sealed": (GREEN, _("sealed")),
    "unsealed": (AMBER, _("not sealed yet")),
    "error": (RED, _("error")),
    "warning": (AMBER, _("warning")),
    "note": (GREY, _("note")),
    "settled": (GREEN, _("settled")),
    "late": (AMBER, _("late")),
    "added": (GREEN, _("added")),
    "removed": (RED, _("removed")),
    "changed": (AMBER, _("changed")),
    "withdrawn": (GREY, _("withdrawn")),
    "only_draft": (RED, _("missed only under this revision")),
    "both": (AMBER, _("missed under both")),
    "only_then": (GREEN, _("missed only then")),
}


def colour_of(state: str) -> str:
    """The colour of a state; grey for one that has none."""
    return STATES[state][0] if state in STATES else GREY


def label_of(state: str) -> str:
    """The word for a state in the reader's language; the state itself where there is none."""
    return str(STATES[state][1]) if state in STATES else state
