"""``manyi score``: sheets in; figures, findings and a report out. No database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.figures import percent, shown
from manyi.core.text import Lang, Text
from manyi.core.waves import WaveResult, WaveRules
from manyi.language.lint import open_errors
from manyi.language.load import read_procedure
from manyi.language.waves import wave_rules
from manyi.library import find_procedure
from manyi.measure.waves import evaluate
from manyi.papers.figures import figures_as_json, source_as_json
from manyi.tables.faults import fault
from manyi.tables.wave import read_wave

DONE, INPUT_FAULTS, LINT_ERRORS = 0, 2, 3


def run(args: argparse.Namespace) -> int:
    """The command; prints what was asked for and returns the exit code."""
    try:
        rules, errors = read_rules(args.procedure)
        if errors:
            return _refuse(errors, args.json, args.lang, LINT_ERRORS)
        result = evaluate(rules, read_wave(Path(args.input), rules, args.wave, args.skip_bad))
        if args.out:
            _write_report(rules, result, args.out, args.lang)
    except Faults as wrong:
        return _refuse(wrong.faults, args.json, args.lang, INPUT_FAULTS)
    except Refusal as refusal:
        return _refuse([refusal.as_fault()], args.json, args.lang, INPUT_FAULTS)
    if args.json:
        print(json.dumps(source_as_json(rules) | figures_as_json(result, args.lang), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_summary(rules, result, args.lang)))
    return DONE


def read_rules(key_or_file: str) -> tuple[WaveRules, list[Fault]]:
    """The wave rules of a procedure, and its open lint errors; raises ``Faults`` for a file that cannot be read."""
    path = find_procedure(key_or_file)
    if path is None:
        message = Text(f"找不到程序“{key_or_file}”", f"There is no procedure “{key_or_file}”")
        hint = Text("给出随附程序的代号（如 P12）或文件路径", "Name a shipped procedure, such as P12, or a file")
        raise Faults([Fault("no_procedure", message, hint, table=key_or_file)])
    procedure = read_procedure(path.read_bytes(), path.name)
    errors = open_errors(procedure)
    found = [Fault(f.id, f.message, f.hint, table=path.name, row=f.line, column=f.path) for f in errors]
    return wave_rules(procedure), found


def _write_report(rules: WaveRules, result: WaveResult, folder: Path, lang: Lang) -> None:
    from manyi.papers.write import write_report

    try:
        written = write_report(rules, result, folder, lang)
    except OSError:
        raise Faults([fault("cannot_write", folder.name, got=folder)]) from None
    for path in written:
        print(path, file=sys.stderr)


def _refuse(faults: Iterable[Fault], as_json: bool, lang: Lang, code: int) -> int:
    if as_json:
        print(json.dumps({"faults": [found.as_json(lang) for found in faults]}, ensure_ascii=False, indent=1))
        return code
    for found in faults:
        where = " ".join(str(part) for part in (found.table, found.row or "", found.column) if part)
        print(f"{where}: {found.message.in_(lang)} — {found.hint.in_(lang)}", file=sys.stderr)
    return code


def _summary(rules: WaveRules, result: WaveResult, lang: Lang) -> Iterable[str]:
    say = {
        "overall": Text("总体满意度", "Overall satisfaction"), "sheets": Text("份调查表", "sheets"),
        "product": Text("产品", "Product"), "item": Text("小项", "Item"), "findings": Text("需要关注", "Needs attention"),
        "none": Text("没有发现", "nothing found"), "blank": Text("未填写", "left empty"),
    }  # fmt: skip
    yield f"{rules.programme_title.in_(lang)} {result.year or ''} · {rules.procedure} {rules.revision}".strip()
    if result.overall:
        yield f"{say['overall'].in_(lang)}  {shown(result.overall.value)}  (n = {result.sheets} {say['sheets'].in_(lang)})"
    for product in result.products:
        share = f"  {percent(product.sales_share)}" if product.sales_share is not None else ""
        yield f"  {say['product'].in_(lang)} {product.product}  {shown(product.score.value)}  n = {product.score.n}{share}"
    titles = {item.key: item.title for item in rules.questionnaire.items}
    for key, score in result.items.items():
        blank = f"  {say['blank'].in_(lang)} {score.unanswered}" if score.unanswered else ""
        yield f"  {say['item'].in_(lang)} {titles[key].in_(lang)}  {shown(score.value)}{blank}"
    yield f"{say['findings'].in_(lang)}:" + ("" if result.findings else f" {say['none'].in_(lang)}")
    for finding in result.findings:
        yield f"  [{finding.clause}] {finding.text.in_(lang)}"
