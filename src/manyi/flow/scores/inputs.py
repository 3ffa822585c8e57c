"""A wave's counted input as canonical JSON and back: what a stored result was made of, to the last sheet number.

The text is the same for the same input on every database, so its digest names the input, and whoever reads it back
computes the same figures from it. Names of customers are not in it; they are looked up when they are shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from manyi.core.figures import exact
from manyi.core.predicates import Value
from manyi.core.waves import Cube, WaveData, Yardstick

Json = dict[str, Any]
LISTS = ("late", "not_in_ledger", "before_wave", "written")


WORDS = ("text", "text_en")


def write_inputs(data: WaveData, *, formula: str, revision: str) -> str:
    """The input with the formula and the revision of the procedure that are applied to it."""
    content: Json = {
        "formula": formula,
        "revision": revision,
        "year": data.year,
        "sheets": sorted([*cell, n] for cell, n in data.cube.sheets.items()),
        "grades": sorted([*cell, n] for cell, n in data.cube.grades.items()),
        "sales": None if data.sales is None else {product: exact(amount) for product, amount in data.sales.items()},
        "customers": {c: {name: _fact(v) for name, v in facts.items()} for c, facts in data.customers.items()},
        "asked_rows": data.asked_rows,
        "asked": None if data.asked is None else sorted(data.asked),
        "returned": data.returned,
        "targets": _yardsticks(data.targets),
        "previous": _yardsticks(data.previous),
        **{name: list(getattr(data, name)) for name in LISTS},
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_inputs(text: str, names: Mapping[str, str]) -> WaveData:
    """The input that ``write_inputs`` wrote, with the names its customers have now."""
    content: Json = json.loads(text)
    asked, sales = content["asked"], content["sales"]
    return WaveData(
        year=content["year"],
        cube=Cube(
            {(product, tier): n for product, tier, n in content["sheets"]},
            {(product, tier, item, grade): n for product, tier, item, grade, n in content["grades"]},
        ),
        sales=None if sales is None else {product: Fraction(amount) for product, amount in sales.items()},
        customers={c: {name: _value(v) for name, v in facts.items()} for c, facts in content["customers"].items()},
        asked_rows=content["asked_rows"],
        asked=None if asked is None else frozenset(asked),
        returned=content["returned"],
        targets=_read_yardsticks(content["targets"]),
        previous=_read_yardsticks(content["previous"]),
        names=names,
        **{name: tuple(content[name]) for name in LISTS},
    )


def digest_of_text(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_figures(figures: Json) -> str:
    """SHA-256 over a result's figures in canonical JSON; how a finding is worded is no figure and may change."""
    told = [{key: value for key, value in row.items() if key not in WORDS} for row in figures.get("findings", ())]
    figures = {**figures, "findings": told}
    return digest_of_text(json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def _fact(value: Value) -> Any:
    return {"exact": exact(value)} if isinstance(value, Fraction) else value


def _value(value: Any) -> Any:
    return Fraction(value["exact"]) if isinstance(value, dict) else value


def _yardsticks(rows: Iterable[Yardstick]) -> list[list[str]]:
    return sorted([row.of, row.key, row.product, exact(row.score)] for row in rows)


def _read_yardsticks(rows: Iterable[list[str]]) -> tuple[Yardstick, ...]:
    return tuple(Yardstick(of, key, product, Fraction(score)) for of, key, product, score in rows)  # type: ignore[arg-type]
