"""A method's spec file (TOML), held against the keys the method knows."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from manyi.commands.measure.method import REQUIRED, Method, SpecKey
from manyi.core.errors import Fault, Faults
from manyi.core.text import Text


def read_spec(path: Path | None, method: Method) -> dict[str, Any]:
    """Every key of the method with its value or default; raises ``Faults`` for unknown, missing or wrong ones."""
    name, given = (path.name, _load(path)) if path else ("", {})
    faults = [_unknown(key, method, name) for key in given if key not in {k.name for k in method.keys}]
    spec: dict[str, Any] = {}
    for key in method.keys:
        if key.name not in given:
            if key.default is REQUIRED:
                faults.append(_missing(key, method, name))
            spec[key.name] = key.default
        elif _fits(key, given[key.name]):
            spec[key.name] = given[key.name]
        else:
            faults.append(_wrong(key, given[key.name], name))
    if faults:
        raise Faults(faults)
    return spec


def _load(path: Path) -> dict[str, Any]:
    try:
        return {key: _plain(value) for key, value in tomllib.loads(path.read_bytes().decode("utf-8-sig")).items()}
    except OSError:
        message = Text(f"无法读取“{path.name}”", f"“{path.name}” cannot be read")
        raise Faults([Fault("not_readable", message, Text("请检查路径", "Check the path"), path.name)]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as wrong:
        message = Text(f"不是 TOML：{wrong}", f"This is no TOML: {wrong}")
        hint = Text('请按说明书写，例如 items = ["q1", "q2"]', 'Write it as documented, such as items = ["q1", "q2"]')
        raise Faults([Fault("bad_spec", message, hint, path.name)]) from None


def _plain(value: Any) -> Any:
    """A date that TOML knows as such is a text like any other, quoted or not."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, (str, int, float)) for v in value)


FITS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda v: isinstance(v, str),
    "texts": _texts,
    "columns": lambda v: isinstance(v, str) or (_texts(v) and bool(v)),
    "number": _number,
    "whole": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "yes": lambda v: isinstance(v, bool),
    "pairs": lambda v: isinstance(v, list) and all(_texts(p) and len(p) == 2 for p in v),
    "groups": lambda v: isinstance(v, dict) and all(_texts(g) for g in v.values()),
    "tables": lambda v: isinstance(v, list) and all(isinstance(t, dict) for t in v),
    "map": lambda v: isinstance(v, dict),
}

KINDS: Mapping[str, Text] = {
    "text": Text("文字", "a text"),
    "texts": Text("列表", "a list"),
    "columns": Text("一列或若干列的名称", "a column or a list of columns"),
    "number": Text("数字", "a number"),
    "whole": Text("整数", "a whole number"),
    "yes": Text("true 或 false", "true or false"),
    "pairs": Text("成对的列表", "a list of pairs"),
    "groups": Text("名称到列表的表", "a table of lists"),
    "tables": Text("若干个表", "tables"),
    "map": Text("一个表", "a table"),
}


def _fits(key: SpecKey, value: Any) -> bool:
    return FITS[key.kind](value) and (not key.choices or value in key.choices)


def _unknown(key: str, method: Method, name: str) -> Fault:
    known = ", ".join(k.name for k in method.keys)
    return Fault("unknown_key", Text(f"“{key}”不是 {method.name} 的参数", f"“{key}” is no key of {method.name}"),
                 Text(f"可用：{known}", f"Known: {known}"), name, None, key)  # fmt: skip


def _missing(key: SpecKey, method: Method, name: str) -> Fault:
    return Fault("missing_key", Text(f"{method.name} 需要参数“{key.name}”", f"{method.name} needs the key “{key.name}”"),
                 Text(f"用 --spec 给出：{key.says.zh}", f"Give it with --spec: {key.says.en}"), name, None, key.name)  # fmt: skip


def _wrong(key: SpecKey, got: Any, name: str) -> Fault:
    kind = KINDS[key.kind]
    allowed = f"{kind.zh}（{'、'.join(key.choices)}）" if key.choices else kind.zh
    said = f"{kind.en}: one of {', '.join(key.choices)}" if key.choices else kind.en
    return Fault("wrong_value", Text(f"“{key.name}”为 {str(got)[:60]}", f"“{key.name}” is {str(got)[:60]}"),
                 Text(f"应为{allowed}", f"It should be {said}"), name, None, key.name)  # fmt: skip
