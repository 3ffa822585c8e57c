"""``manyi clock``: deadlines and their explanations for a file of cases. No database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from manyi.commands.clock_cases import Case, read_cases
from manyi.core.clocks.deadlines import Deadline, due
from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.text import Lang, Text

DONE, INPUT_FAULTS = 0, 2


def run(file: str, as_json: bool, lang: Lang) -> int:
    """The deadline of every case, in their order; 2 with every fault found when a case cannot be answered."""
    try:
        deadlines = _deadlines(Path(file))
    except Faults as wrong:
        _refuse(wrong.faults, as_json, lang)
        return INPUT_FAULTS
    if as_json:
        found = [
            {"due": deadline.at.isoformat(), "explanation": [line.in_(lang) for line in deadline.explanation]}
            for deadline in deadlines
        ]
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return DONE
    for number, deadline in enumerate(deadlines, start=1):
        print(f"{number}. {deadline.at.isoformat()}")
        print("\n".join(f"   {line.in_(lang)}" for line in deadline.explanation))
    return DONE


def _deadlines(path: Path) -> list[Deadline]:
    cases = read_cases(_read(path), path.name)
    answers: list[Deadline] = []
    faults: list[Fault] = []
    for number, case in enumerate(cases, start=1):
        try:
            answers.append(_answer(case))
        except Refusal as refusal:
            fault = refusal.as_fault(path.name)
            faults.append(Fault(fault.code, fault.message, fault.hint, path.name, number, fault.column))
    if faults:
        raise Faults(faults)
    return answers


def _answer(case: Case) -> Deadline:
    return due(case.start, case.within, case.calendar, case.pauses)


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes(), parse_constant=_no_number)
    except OSError:
        message = Text(f"无法读取文件“{path.name}”", f"The file “{path.name}” cannot be read")
        hint = Text("检查路径和读取权限", "Check the path and the right to read it")
        raise Faults([Fault("no_file", message, hint, table=path.name)]) from None
    except (ValueError, RecursionError):
        message = Text("文件不是 JSON", "The file is not JSON")
        hint = Text("以 UTF-8 保存的 JSON 列表，每个元素一个案例", "A JSON list in UTF-8, one element a case")
        raise Faults([Fault("not_json", message, hint, table=path.name)]) from None


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _refuse(faults: Iterable[Fault], as_json: bool, lang: Lang) -> None:
    if as_json:
        print(json.dumps({"faults": [fault.as_json(lang) for fault in faults]}, ensure_ascii=False, indent=1))
        return
    for fault in faults:
        where = " ".join(str(part) for part in (fault.table, fault.row or "", fault.column) if part)
        print(f"{where}: {fault.message.in_(lang)} — {fault.hint.in_(lang)}", file=sys.stderr)
