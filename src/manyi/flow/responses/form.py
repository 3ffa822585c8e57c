"""The respondent's page as text: rendered once for a questionnaire and language, then only filled with what differs.

Nothing of it needs a session, a cookie or the database, so that a page costs a look-up and a few replacements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import east_asian_width
from uuid import uuid4

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from manyi.core.errors import Faults
from manyi.core.forms import Item, Questionnaire
from manyi.core.text import Lang, Text
from manyi.flow.dispatch.models import Ask
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.operations import MOST_COMMENT

PREFIX = "a."
"""Before an item's key in the names of the form, so that no item is taken for anything else."""
NOT_APPLICABLE = Text("不适用", "Not applicable")
CODES: dict[Lang, str] = {"zh": "zh-hans", "en": "en"}
SLOTS = {name: f"\ue000{name}\ue001" for name in ("title", "product", "number", "key", "company")}

MOST_BLANKS = 64
_BLANKS: dict[tuple[str, str, Lang, bool], str] = {}
"""Rendered pages with slots, by what they say: the revision's digest, the programme, the language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of an item."""

    key: str
    title: Text
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One item of the page, with what was chosen before and whether that was wrong."""

    item: Item
    choices: tuple[Choice, ...]
    wrong: bool = False

    @property
    def name(self) -> str:
        """The name of its field."""
        return PREFIX + self.item.key


@dataclass(frozen=True, slots=True)
class Filled:
    """What came back in a form, as typed."""

    answers: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    key: str = ""
    blank_is_meant: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing was answered and nothing written."""
        return not self.comment and not any(self.answers.values())


def read_filled(posted: QueryDict) -> Filled:
    """The fields of a sent form; line breaks count as one character, as browsers count them."""
    answers = {name[len(PREFIX) :]: str(posted[name]) for name in posted if name.startswith(PREFIX)}
    comment = posted.get("comment", "").replace("\r\n", "\n").strip()
    return Filled(answers, comment, posted.get("submission", ""), posted.get("blank") == "meant")


def blank_page(ask: Ask, lang: Lang) -> str:
    """The page of a link whose sheet has not come back."""
    page = _blank(ask, lang)
    for name, value in _values(ask, str(uuid4()), lang).items():
        page = page.replace(SLOTS[name], escape(value))
    return page


def filled_page(ask: Ask, lang: Lang, filled: Filled, told: str, faults: Faults | None = None) -> str:
    """The page again with what was typed, and what is to be done."""
    wrong = {fault.column for fault in faults.faults} if faults else set()
    values = _values(ask, filled.key or str(uuid4()), lang)
    if ask.product_id is None:
        values["product"] = ""
    return _render(
        get_rules(ask.wave).questionnaire, get_rules(ask.wave).comment_title, lang, values,
        filled=filled, wrong=wrong, told=told,
    )  # fmt: skip


def receipt_page(sheet: Sheet, lang: Lang, *, earlier: bool) -> str:
    """What a customer keeps: number and day. ``earlier``: another form of the same link had come first."""
    with translation.override(CODES[lang]):
        return render_to_string("respond/receipt.html", {"sheet": sheet, "earlier": earlier})


@lru_cache(maxsize=2)
def unknown_page(lang: Lang) -> str:
    """The one page of every link that leads nowhere, whatever the reason."""
    with translation.override(CODES[lang]):
        return render_to_string("respond/unknown.html")


def _values(ask: Ask, key: str, lang: Lang) -> dict[str, str]:
    wave = ask.wave
    return {
        "key": key, "number": ask.number, "company": wave.unit.name,
        "title": Text(wave.title_zh, wave.title_en).in_(lang), "product": ask.product.name if ask.product else "",
    }  # fmt: skip


def _blank(ask: Ask, lang: Lang) -> str:
    key = (ask.wave.revision.digest, ask.wave.programme, lang, ask.product_id is not None)
    if key not in _BLANKS:
        if len(_BLANKS) >= MOST_BLANKS:
            _BLANKS.clear()
        rules = get_rules(ask.wave)
        values = SLOTS if ask.product_id is not None else {**SLOTS, "product": ""}
        _BLANKS[key] = _render(rules.questionnaire, rules.comment_title, lang, values)
    return _BLANKS[key]


def _render(
    form: Questionnaire,
    comment_title: Text,
    lang: Lang,
    values: Mapping[str, str],
    filled: Filled | None = None,
    wrong: set[str] | None = None,
    told: str = "",
) -> str:
    filled = filled or Filled()
    grades = [(grade.key, grade.title) for grade in form.scale.grades]
    grades += [(key, NOT_APPLICABLE) for key in sorted(form.scale.missing)]
    groups = [(group.title, [i for i in form.items if i.dimension == group.key]) for group in form.dimensions]
    groups.append((Text(), [i for i in form.items if not i.dimension]))
    context = {
        **values, "filled": filled, "told": told, "comment_title": comment_title, "most": MOST_COMMENT,
        "comment_wrong": "comment" in (wrong or ()),
        "row": _layout([title.in_(lang) for _, title in grades]),
        "groups": [(title, [_question(i, grades, filled, wrong or set()) for i in items]) for title, items in groups],
    }  # fmt: skip
    with translation.override(CODES[lang]):
        return render_to_string("respond/form.html", context)


def _layout(titles: list[str]) -> str:
    """Side by side where words and number of grades let a thumb's width each suffice, else one below the other."""
    widths = [sum(2 if east_asian_width(char) in "WF" else 1 for char in title) for title in titles]
    if max(widths) <= 2:
        return "short"
    return "row" if max(widths) <= 10 and len(titles) <= 5 else "words"


def _question(item: Item, grades: list[tuple[str, Text]], filled: Filled, wrong: set[str]) -> Question:
    chosen = filled.answers.get(item.key, "")
    return Question(item, tuple(Choice(key, title, key == chosen) for key, title in grades), item.key in wrong)
