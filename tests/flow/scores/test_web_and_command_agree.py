"""The same data through the web's operations and through ``manyi score`` give the same figures to the last digit."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.urls import reverse
from tests.conftest import AT, CUSTOMERS
from tests.flow.scores.sheets import GRADES, ITEMS, give_all

from manyi.cli import main
from manyi.core.figures import shown
from manyi.flow.plan.operations import set_yardstick
from manyi.flow.responses.models import Sheet
from manyi.flow.scores.operations import compute_scores

SEEDS = (1, 2, 3)


def fill(seed, sent, wave, cast):
    """Sheets by chance: blanks, late ones, comments, one customer who never answers."""
    chance = Random(seed)  # noqa: S311 — the same sheets at every run
    set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="overall", score=Decimal("80.25"))
    set_yardstick(by=cast.li, at=AT, wave=wave, kind="previous", of="item", key="safety", score=Decimal("99.5"))
    rows = []
    for ask in sent[:-1]:
        answers = {item: chance.choice((*GRADES, "")) for item in ITEMS}
        came_on = date(2026, 12, 3) + timedelta(days=chance.randrange(60))
        rows.append((ask, {k: v for k, v in answers.items() if v}, chance.choice(("", "太慢")), came_on))
    give_all(rows)


def export(folder, wave, sent):
    """The wave as the tables ``manyi score`` takes."""
    tables = {
        "customers": [("customer_id", "name"), *((c, n) for c, n, *_ in CUSTOMERS)],
        "sales": [("customer_id", "product", "year", "amount"),
                  *((c, p, 2026, a) for c, *_, sales in CUSTOMERS for p, a in sales)],
        "dispatch": [("customer_id", "product", "channel", "sent_on"),
                     *((a.customer.code, a.product.name, a.channel, a.sent_on) for a in sent)],
        "sheets": [("sheet_no", "customer_id", "product", "returned_on", *ITEMS, "comment"),
                   *((s.number, s.customer.code, s.product.name, s.returned_on, *(s.answers.get(i, "") for i in ITEMS), s.comment)
                     for s in Sheet.objects.filter(wave=wave).select_related("customer", "product"))],
        "targets": [("of", "key", "score"), ("overall", "", "80.25")],
        "previous": [("of", "key", "score"), ("item", "safety", "99.5")],
    }  # fmt: skip
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_they_agree(seed, sent, wave, cast, tmp_path, capsys, signed_in):
    fill(seed, sent, wave, cast)
    stored, result = compute_scores(by=cast.li, at=AT, wave=wave)
    folder = tmp_path / "tables"
    folder.mkdir()
    export(folder, wave, sent)
    assert main(["score", str(folder), "--procedure", "P12", "--wave", "2026", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    differing = {key for key in stored.figures if key in told and _plain(stored.figures[key]) != told[key]}
    assert differing == set()
    assert told.keys() - stored.figures.keys() == {"procedure", "code", "revision", "programme"}
    page = signed_in(cast.li).get(reverse("scores:wave", args=[wave.pk]), {"lang": "en"}).content.decode()
    assert f"{shown(result.overall.value)}" in page
    assert f"{told['overall']['score']:.2f}" == f"{shown(result.overall.value)}"
    for row in told["items"]:
        assert f"{row['score']:.2f}" in page


def _plain(value):
    """Stored findings carry their English words as well."""
    if isinstance(value, list):
        return [{k: v for k, v in row.items() if k != "text_en"} if isinstance(row, dict) else row for row in value]
    return value
