"""How the tests of the methods reach the real data beside the project, and how they call the command."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from manyi.cli import main

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

Spec = str | Mapping[str, Any]
"""A spec file as text, or as the values that stand in it."""


def shared(name: str) -> Path:
    """A file or folder of the real data; the test is skipped where it is not here."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path


def expected(name: str) -> Any:
    """The reference results beside a data set, such as ``survey_api/expected_R_survey.json``."""
    return json.loads(shared(name).read_text(encoding="utf-8"))


def measure(method: str, data: Path | str, spec: Spec = "") -> dict[str, Any]:
    """What ``manyi measure METHOD DATA --spec SPEC --json`` prints; ``data`` is a path or the text of a CSV."""
    code, told = call(method, data, spec)
    assert code == 0, told
    return told


def refused(method: str, data: Path | str, spec: Spec = "") -> list[dict[str, Any]]:
    """The faults the command answers with, in English; fails where it answers with anything else."""
    code, told = call(method, data, spec)
    assert code == 2, told
    faults: list[dict[str, Any]] = told["faults"]
    assert faults
    assert all(fault["code"] and fault["message"] and fault["hint"] for fault in faults), faults
    return faults


def call(method: str, data: Path | str, spec: Spec = "") -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON printed."""
    with TemporaryDirectory() as folder:
        table, keys = Path(folder) / "data.csv", Path(folder) / "spec.toml"
        if isinstance(data, str):
            table.write_text(data, encoding="utf-8")
        keys.write_text(spec if isinstance(spec, str) else as_toml(spec), encoding="utf-8")
        printed = io.StringIO()
        with redirect_stdout(printed):
            at = table if isinstance(data, str) else data
            code = main(["measure", method, str(at), "--spec", str(keys), "--json", "--lang", "en"])
    return code, json.loads(printed.getvalue())


def as_toml(spec: Mapping[str, Any]) -> str:
    """The values as TOML, one key a line.

    >>> print(as_toml({"of": ["a", "b"], "floors": {"A 1": 0.9}}))
    "of" = ["a", "b"]
    "floors" = {"A 1" = 0.9}
    """
    return "\n".join(f"{json.dumps(key)} = {_value(value)}" for key, value in spec.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k))} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)
