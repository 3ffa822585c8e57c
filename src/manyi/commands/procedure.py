"""``manyi procedure``: what the linter finds in a procedure file, and the schema for editors."""

from __future__ import annotations

import json
import sys

from manyi.core.errors import Fault, Faults
from manyi.core.text import Lang, Text
from manyi.language.lint import LintFinding
from manyi.language.lint import lint as check
from manyi.language.load import read_procedure
from manyi.language.model.procedure import Around
from manyi.language.schema import json_schema
from manyi.library import find_procedure
from manyi.library.calendars import find_public_days, list_public_days

DONE, INPUT_FAULTS, LINT_ERRORS = 0, 2, 3


def lint(key_or_file: str, as_json: bool, lang: Lang) -> int:
    """Everything found, in the order of the file; 3 when an open error stands, 2 when it cannot be read."""
    try:
        findings = _findings(key_or_file)
    except Faults as wrong:
        if as_json:
            print(json.dumps({"faults": [fault.as_json(lang) for fault in wrong.faults]}, ensure_ascii=False, indent=1))
        for fault in () if as_json else wrong.faults:
            where = ":".join(str(part) for part in (fault.table, fault.row) if part)
            print(f"{where}: {fault.column} {fault.message.in_(lang)} — {fault.hint.in_(lang)}", file=sys.stderr)
        return INPUT_FAULTS
    if as_json:
        print(json.dumps([finding.as_json(lang) for finding in findings], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_told(finding, lang) for finding in findings) or Text("没有发现", "Nothing found").in_(lang))
    return LINT_ERRORS if any(f.severity == "error" and f.state == "open" for f in findings) else DONE


def schema() -> int:
    """Print the JSON Schema of procedure files."""
    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))
    return DONE


def _findings(key_or_file: str) -> tuple[LintFinding, ...]:
    path = find_procedure(key_or_file)
    if path is None:
        message = Text(f"找不到程序“{key_or_file}”", f"There is no procedure “{key_or_file}”")
        hint = Text("给出随附程序的代号（如 P12）或文件路径", "Name a shipped procedure, such as P12, or a file")
        raise Faults([Fault("no_procedure", message, hint, table=key_or_file)])
    return check(read_procedure(path.read_bytes(), path.name), _around())


def _around() -> Around:
    """The years whose public holidays are shipped; a company's own calendars are not known here."""
    days = [find_public_days(key) for key in list_public_days()]
    return Around(years={"working": frozenset().union(*(public.confirmed for public in days if public))})


def _told(finding: LintFinding, lang: Lang) -> str:
    severity = {"error": Text("错误", "error"), "warning": Text("警告", "warning"), "note": Text("说明", "note")}
    state = {"open": Text("", ""), "settled": Text("（已定）", " (settled)")}
    kind = f"{severity[finding.severity].in_(lang)}{state[finding.state].in_(lang)}"
    clause = f" [{finding.clause}]" if finding.clause else ""
    said = f"{finding.message.in_(lang)} — {finding.hint.in_(lang)}"
    return f"{finding.line}: {finding.id} {kind}{clause} {finding.path}: {said}"
