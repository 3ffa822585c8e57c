"""How far the figures can be trusted, and what they say to work on first; parts the figures do not bear are left out."""

from __future__ import annotations

from collections.abc import Iterable

from manyi.papers.blocks import Block, Cell, Chart, Column, Paragraph, Section, Spec, Table
from manyi.papers.insight import QUADRANTS, Driver, Priorities, Terms
from manyi.papers.words import Wave


def certainty(wave: Wave) -> Section | None:
    """Chance, the rule for blanks and those who did not answer, in words a manager understands."""
    lines = (*wave.insight.certainty, *wave.insight.why)
    if not lines:
        return None
    told = tuple(Paragraph(wave.say(line.in_("zh"), line.in_("en")), "point") for line in lines)
    return Section(wave.say("结果的可信程度", "How far the figures can be trusted"), told)


def priorities(wave: Wave, charts: dict[str, Spec]) -> Section | None:
    """The importance map, its items in a table, and the words that divide the comments."""
    found, terms = wave.insight.priorities, wave.insight.terms
    blocks: list[Block] = []
    if found is not None:
        blocks += [Paragraph(_how(wave, found)), *_drawn(charts), _table(wave, found)]
    if terms is not None:
        blocks += [Paragraph(line, "point") for line in _words(wave, terms)]
    return Section(wave.say("改进的先后", "What to work on first"), tuple(blocks)) if blocks else None


def _how(wave: Wave, found: Priorities) -> str:
    return wave.say(
        f"据 {found.n} 份完整的调查表，各小项在满意与不满意的调查表之间的差别中所占的比重（LMG 分解）与其得分对照。"
        "比重说明哪些小项与满意与否同进退，不说明因果；仅凭偶然就可能落入另一格的小项记为“未定”。",
        f"From {found.n} complete sheets: the weight of each item in what parts satisfied sheets from dissatisfied ones "
        "(LMG) beside its score. The weight says what goes together, not what causes what; an item that chance alone could "
        "put elsewhere is undecided.",
    )


def _drawn(charts: dict[str, Spec]) -> Iterable[Chart]:
    if "priorities" in charts:
        yield Chart(charts["priorities"]["description"], "priorities", charts["priorities"])


def _table(wave: Wave, found: Priorities) -> Table:
    say = wave.say
    columns = (
        Column(say("小项", "Item"), 3), Column(say("比重", "Weight"), 1, figures=True),
        Column(say("95% 区间", "95 % interval"), 1.6, figures=True), Column(say("得分", "Score"), 1, figures=True),
        Column(say("结论", "What follows"), 1.6, centred=True),
    )  # fmt: skip
    rows = tuple(
        (
            wave.item(one.item), f"{one.importance:.1%}", f"{one.lower:.1%} – {one.upper:.1%}", f"{one.performance:.1f}",
            verdict(wave, one),
        )
        for one in sorted(found.drivers, key=lambda one: -one.importance)
    )  # fmt: skip
    return Table(say("各小项的比重与得分", "Weight and score of the items"), columns, rows)


def verdict(wave: Wave, one: Driver) -> Cell:
    """Where an item stands on the map, or that this is not decided."""
    if one.undecided:
        return Cell(wave.say("未定", "Undecided"))
    words = QUADRANTS[one.quadrant].in_(wave.lang)
    return Cell(words, "bad" if one.quadrant == "concentrate" else "", strong=one.quadrant == "concentrate")


def _words(wave: Wave, terms: Terms) -> Iterable[str]:
    below, above = (
        wave.join(side) or wave.say("没有突出的用词", "no word stands out") for side in (terms.below, terms.above)
    )
    yield wave.say(
        f"{terms.comments} 条书面意见中，较不满意的顾客更多写到：{below}",
        f"In {terms.comments} comments, the less satisfied write more of: {below}",
    )
    yield wave.say(f"较满意的顾客更多写到：{above}", f"The more satisfied write more of: {above}")
