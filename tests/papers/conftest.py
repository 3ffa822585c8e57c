"""Waves to tell: the tutorial's, one whose every name is hostile, and their papers — each made once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from manyi.commands.score import read_rules
from manyi.core.errors import Fault
from manyi.core.text import Lang, Text
from manyi.core.waves import Cube, WaveData, WaveResult, WaveRules, Yardstick
from manyi.measure.waves import evaluate
from manyi.papers.write import make_papers

Told = tuple[WaveRules, WaveResult]


def make_wave(
    procedure: str, products: list[str], customers: list[str] | None = None, seed: int = 7, share: float = 1.0
) -> Told:
    """A random wave of ``procedure``: sheets for a ``share`` of the products, sales, a ledger, yardsticks."""
    rules, errors = read_rules(procedure)
    assert errors == []
    random, form = Random(seed), rules.questionnaire  # noqa: S311
    grades = [grade.key for grade in form.scale.grades] + [""]
    sheets: dict[tuple[str, str], int] = {}
    counts: dict[tuple[str, str, str, str], int] = {}
    for product in products[: max(1, round(len(products) * share))] if rules.per_product else [""]:
        sheets[product, ""] = n = random.randint(5, 9)
        for item in form.item_keys:
            for _ in range(n):
                key = (product, "", item, random.choice(grades))
                counts[key] = counts.get(key, 0) + 1
    named = customers or [f"C{n:03}" for n in range(30)]
    facts = {
        c: {"annual_sales": Fraction(n * 400_000 + 1), "product_sales_rank": Fraction(len(named) - n)}
        for n, c in enumerate(named)
    }
    asked = frozenset(named[: len(named) * 9 // 10])
    item = form.item_keys[0]
    data = WaveData(
        year=2026, cube=Cube(sheets, counts),
        sales={p: Fraction(random.randint(1, 10**9), 100) for p in products} if rules.per_product else None,
        customers=facts if rules.tiers else {}, asked_rows=2 * len(asked), asked=asked, returned=sum(sheets.values()),
        late=tuple(named[:3]), not_in_ledger=tuple(named[3:5]), written=tuple(named), names={c: f"{c} Ltd" for c in named},
        previous=(Yardstick("overall", "", "", Fraction(95)), Yardstick("item", item, "", Fraction(99)), Yardstick("product", products[0], "", Fraction(1))),
        targets=(Yardstick("overall", "", "", Fraction(5)), Yardstick("item", item, products[0], Fraction(100))),
        left_out=tuple(Fault("unknown", Text(f"未知 {c}", f"unknown {c}"), Text("改正", "Mend it"), "sheets", 5, c) for c in named[:4]),
    )  # fmt: skip
    return rules, evaluate(rules, data)


@pytest.fixture(scope="session")
def wave_of() -> Callable[..., Told]:
    return make_wave


@pytest.fixture(scope="session")
def told() -> Told:
    return make_wave("P12", ["Ball valve", "Gate valve", "Pump"], share=0.7)


@pytest.fixture(scope="session")
def papers_of(told: Told) -> Callable[[Lang], dict[str, bytes]]:
    """The papers of ``told`` in a language, made once each."""
    made: dict[Lang, dict[str, bytes]] = {}

    def papers(lang: Lang) -> dict[str, bytes]:
        if lang not in made:
            made[lang] = make_papers(*told, lang)
        return made[lang]

    return papers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"
