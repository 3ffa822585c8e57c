"""The words a wave's papers share: figures, limits and verdicts as a reader sees them, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from manyi.core.figures import percent, shown
from manyi.core.limits import Limit
from manyi.core.text import Lang, Text
from manyi.core.tiers import ALL
from manyi.core.waves import OF, Of, WaveResult, WaveRules, Yardstick
from manyi.measure.findings import title_of
from manyi.measure.points import weigh
from manyi.papers.blocks import Cell
from manyi.papers.insight import NONE, Insight
from manyi.papers.plain import cut

NAME_LENGTH, LABEL_LENGTH = 80, 32
DASH = "—"
_LIMIT = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave about to be told in ``lang``: its rules, its result, what that bears, and the words for it all."""

    rules: WaveRules
    result: WaveResult
    lang: Lang
    insight: Insight = NONE

    def say(self, zh: str, en: str) -> str:
        """The words of the report's language."""
        return zh if self.lang == "zh" else en

    def text(self, text: Text) -> str:
        """A title of the procedure in the report's language, on one line."""
        return cut(text.in_(self.lang), 4 * NAME_LENGTH)

    def sentence(self, text: Text) -> str:
        """A sentence of the program's own, such as a finding's, in the report's language."""
        return cut(self.say(text.in_("zh"), text.in_("en")), 3 * NAME_LENGTH)

    def name(self, text: str) -> str:
        """A name that came in from outside, as a table can hold it."""
        return cut(text, NAME_LENGTH)

    def item(self, key: str) -> str:
        """What an item is called."""
        return self.text(title_of(self.rules, "item", key))

    def subject(self, of: str, key: str, product: str = "") -> str:
        """What a compared figure is called."""
        return cut(title_of(self.rules, of, key, cut(product, LABEL_LENGTH)).in_(self.lang), NAME_LENGTH)

    def tier(self, key: str) -> str:
        """What a tier, or a floor on the whole, is called."""
        titles = {tier.key: tier.title for tier in self.rules.tiers}
        if key in titles:
            return self.text(titles[key])
        return self.say("全部顾客", "All customers") if key == ALL else self.name(key)

    def verdict(self, met: bool | None) -> Cell:
        """Met, not met or not judged — in words, the colour only repeats them."""
        if met is None:
            return Cell(DASH)
        words = self.say("达到", "Met") if met else self.say("未达到", "Not met")
        return Cell(words, "good" if met else "bad", strong=not met)

    def join(self, parts: Sequence[str]) -> str:
        """Several names in a row."""
        return self.say("、", ", ").join(parts)

    @property
    def wave_title(self) -> str:
        """The programme and its year."""
        year = self.result.year
        if year is None:
            return self.text(self.rules.programme_title)
        title = self.text(self.rules.programme_title)
        return self.say(f"{title}（{year} 年）", f"{title} ({year})")


def points(value: Fraction | None) -> str:
    """A score, rounded once, here."""
    return DASH if value is None else str(shown(value))


def share(value: Fraction | None) -> str:
    """A share in per cent."""
    return DASH if value is None else percent(value)


def count(n: int) -> str:
    """A number of things, thousands apart."""
    return f"{n:,}"


def money(value: Fraction | None) -> str:
    """An amount with thousands apart; whole where it is whole."""
    if value is None:
        return DASH
    return f"{shown(value, 0 if value.denominator == 1 else 2):,}"


def signed(value: Fraction) -> str:
    """A difference with its sign; a minus is a minus, not a hyphen."""
    rounded = shown(value)
    return f"+{rounded}" if value > 0 else str(rounded).replace("-", "−")


def limit(value: Limit | None) -> str:
    """A limit on a share, such as ``≥ 90.0%``."""
    return DASH if value is None else f"{_LIMIT[value.word]} {percent(value.value)}"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure beside its target and its previous value."""

    of: Of
    key: str
    product: str
    now: Fraction | None
    target: Fraction | None
    previous: Fraction | None


def compared(wave: Wave) -> tuple[Compared, ...]:
    """Every figure that has a target or a previous value: overall, products, dimensions, items."""
    targets, previous = _by_place(wave.result.data.targets), _by_place(wave.result.data.previous)
    places = sorted(targets.keys() | previous.keys(), key=lambda p: (OF.index(p[0]), p[2], p[1]))
    return tuple(Compared(*place, _now(wave, *place), targets.get(place), previous.get(place)) for place in places)


def _now(wave: Wave, of: Of, key: str, product: str) -> Fraction | None:
    result = wave.result
    if of == "overall":
        return result.overall.value if result.overall else None
    if of == "product":
        return next((p.score.value for p in result.products if p.product == key), None)
    items = {i: s for (p, i), s in result.product_items.items() if p == product} if product else result.items
    if of == "item":
        score = items.get(key)
    else:
        score = weigh([item for item in wave.rules.questionnaire.items if item.dimension == key], items, 0)
    return score.value if score else None


def _by_place(yardsticks: Sequence[Yardstick]) -> Mapping[tuple[Of, str, str], Fraction]:
    return {(y.of, y.key, y.product): y.score for y in yardsticks}


def of_overall(yardsticks: Sequence[Yardstick]) -> Fraction | None:
    """The target, or previous value, of the overall figure; ``None`` where there is none."""
    return next((y.score for y in yardsticks if y.of == "overall"), None)
