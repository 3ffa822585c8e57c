"""The wave report as data: every section in its order, titled and signed; Word and PDF set the same report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from manyi.core.text import Lang, Text
from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.blocks import Report
from manyi.papers.charts import chart_specs
from manyi.papers.insight import NONE, Insight
from manyi.papers.sections.attention import attention, comparison, left_out, written
from manyi.papers.sections.insight import certainty, priorities
from manyi.papers.sections.method import method
from manyi.papers.sections.results import results
from manyi.papers.sections.summary import summary
from manyi.papers.sections.survey import returns, survey
from manyi.papers.words import Wave, count

Signed = Mapping[str, tuple[str, date]]
"""Who signed, and on which day, by the key of the line."""

_LINES = {
    "prepare": Text("编制", "Prepared by"),
    "review": Text("审核", "Reviewed by"),
    "approve": Text("批准", "Approved by"),
}
"""What every controlled document is signed with; the procedure's own signatures are added to these."""


def build_report(
    rules: WaveRules, result: WaveResult, lang: Lang, signed: Signed | None = None, insight: Insight = NONE
) -> Report:
    """The report of one wave in one language; ``signed`` tells who signed which line on which day."""
    wave = Wave(rules, result, lang, insight)
    charts = chart_specs(rules, result, lang, insight)
    parts = (
        summary(wave), certainty(wave), survey(wave, charts), returns(wave), results(wave, charts),
        priorities(wave, charts), comparison(wave, charts), attention(wave), written(wave), method(wave),
        left_out(wave),
    )  # fmt: skip
    title, subtitle = wave.text(rules.report_title), wave.wave_title
    return Report(
        lang=lang,
        title=title,
        subtitle="" if subtitle == title else subtitle,
        mark=" · ".join(part for part in (wave.name(rules.code), wave.name(rules.revision)) if part),
        facts=_facts(wave),
        signatures=_signatures(wave, signed or {}),
        sections=tuple(part for part in parts if part is not None),
    )


def _facts(wave: Wave) -> tuple[tuple[str, str], ...]:
    rules, say = wave.rules, wave.say
    facts = (
        (say("程序", "Procedure"), wave.text(rules.title)),
        (say("程序编号", "Code"), wave.name(rules.code)),
        (say("版本", "Revision"), wave.name(rules.revision)),
        (say("调查项目", "Programme"), wave.text(rules.programme_title)),
        (say("调查年度", "Year"), "" if wave.result.year is None else str(wave.result.year)),
        (say("调查表", "Sheets"), count(wave.result.sheets)),
    )
    return tuple((label, value) for label, value in facts if value)


def _signatures(wave: Wave, signed: Signed) -> tuple[tuple[str, str, str], ...]:
    lines = {key: wave.text(title) for key, title in _LINES.items()}
    lines |= {key: wave.text(title) for key, title in wave.rules.signatures}
    who = {key: (wave.name(name), day.isoformat()) for key, (name, day) in signed.items()}
    return tuple((line, *who.get(key, ("", ""))) for key, line in lines.items())
