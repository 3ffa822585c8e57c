"""The command: data in, one method's answer out, as JSON or as lines a person reads."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method
from manyi.commands.measure.methods import METHODS
from manyi.commands.measure.spec import read_spec
from manyi.commands.measure.suspicion import likely_codes
from manyi.commands.measure.table import DataTable, read_table
from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.text import Lang, Text

DONE, INPUT_FAULTS = 0, 2
NOT_FINITE = Text("结果超出可以计算的范围", "The result is beyond what can be computed")
NOT_FINITE_HINT = Text("请检查数据中是否有极大、极小或不变的数", "Look for huge, tiny or constant numbers in the data")


def run(args: argparse.Namespace) -> int:
    """The command; prints the answer and returns the exit code."""
    method = METHODS.get(args.method)
    try:
        if method is None:
            raise Faults([_no_method(args.method)])
        table = read_table(Path(args.data))
        spec = read_spec(Path(args.spec) if args.spec else None, method)
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            answer = method.run(table, spec)
        answer = replace(answer, warnings=(*answer.warnings, *likely_codes(table, spec)))
        found = as_json(method, spec, table, answer, args.lang)
    except Faults as wrong:
        return _refuse(wrong.faults, args.json, args.lang)
    except Refusal as refusal:
        return _refuse([refusal.as_fault(Path(args.data).name)], args.json, args.lang)
    except ArithmeticError:
        # sums beyond what a number of the machine holds: no answer rather than a wrong one
        return _refuse([Fault("not_finite", NOT_FINITE, NOT_FINITE_HINT, Path(args.data).name)], args.json, args.lang)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print("\n".join(_lines(found)))
    return DONE


def as_json(method: Method, spec: Mapping[str, Any], table: DataTable, answer: Answer, lang: Lang) -> dict[str, Any]:
    """The stable JSON form: what the method gives, then how it came about."""
    return {
        **_plain(answer.values),
        "n": answer.n,
        "method": {"id": method.name, "version": method.version},
        "parameters": _plain(spec),
        "data": {"name": table.name, "rows": len(table), "sha256": table.digest},
        "warnings": [{"code": w.code, "about": w.about, "message": w.text.in_(lang)} for w in answer.warnings],
    }


def _plain(value: Any) -> Any:
    """Values as JSON has them; a number that is none is a fault of the method and never printed."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        raise Faults([Fault("not_finite", NOT_FINITE, NOT_FINITE_HINT)])
    return value


def _no_method(name: str) -> Fault:
    known = ", ".join(sorted(METHODS))
    return Fault("no_method", Text(f"没有方法“{name}”", f"There is no method “{name}”"),
                 Text(f"可用：{known}", f"Known: {known}"), column="METHOD")  # fmt: skip


def _refuse(faults: tuple[Fault, ...] | list[Fault], as_json_: bool, lang: Lang) -> int:
    if as_json_:
        print(json.dumps({"faults": [fault.as_json(lang) for fault in faults]}, ensure_ascii=False, indent=1))
        return INPUT_FAULTS
    for fault in faults:
        where = " ".join(str(part) for part in (fault.table, fault.row or "", fault.column) if part)
        print(f"{where}: {fault.message.in_(lang)} — {fault.hint.in_(lang)}", file=sys.stderr)
    return INPUT_FAULTS


def _lines(found: Mapping[str, Any], indent: str = "") -> list[str]:
    lines = []
    for key, value in found.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{key}", *_lines(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines.append(f"{indent}{key}")
            lines += [indent + "  " + "  ".join(f"{k} {v}" for k, v in row.items()) for row in value]
        else:
            lines.append(f"{indent}{key}  {value}")
    return lines
