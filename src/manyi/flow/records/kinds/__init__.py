"""The hand-made kinds of page. A form names one (``page: case``); a form that names none has the plain pages.

A kind adds to the plain pages and repeats nothing of them: its templates (``records/<kind>/…``) extend the plain ones
and fill their blocks, its module here says what they show. What a company's forms hold stays in its procedure.
"""

from __future__ import annotations

from manyi.core.flows import FlowRule
from manyi.flow.records.kinds import case, letter, meeting, observation, on_site, review
from manyi.flow.records.kinds.kind import PLAIN, PageKind

KINDS: dict[str, PageKind] = {
    "case": case.PAGE,
    "review": review.PAGE,
    "letter": letter.PAGE,
    "meeting": meeting.PAGE,
    "on_site": on_site.PAGE,
    "observation": observation.PAGE,
}


def page_kind(flow: FlowRule) -> PageKind:
    """How the pages of a form are made."""
    return KINDS.get(flow.page, PLAIN)


def templates_for(flow: FlowRule, name: str) -> list[str]:
    """The templates of a page of a form, the nearest first: of its kind of page, then the plain one."""
    return [f"records/{flow.page}/{name}", f"records/{name}"] if flow.page in KINDS else [f"records/{name}"]
