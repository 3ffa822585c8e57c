"""The page of the scores: what it shows is the stored result, and who may not see it sees nothing."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from django.urls import reverse
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.core.figures import shown
from manyi.flow.scores import drawing
from manyi.flow.scores.drawing import LEASE, draw_due_results
from manyi.flow.scores.models import Chart, Result
from manyi.flow.scores.operations import compute_scores

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def result(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    give(sent[1], all_items("neutral") | {"safety": ""}, "<script>alert(1)</script>")
    return compute_scores(by=cast.li, at=AT, wave=wave)[0]


@pytest.fixture
def drawn(monkeypatch):
    """Every picture is the same empty one; how often drawing was asked for."""
    calls = []

    def draw(work, rules, found, folder, lang, insight, seconds):
        calls.append(lang)
        folder.mkdir()
        for name in ("items", "products"):
            (folder / f"{name}.svg").write_text(SVG)

    monkeypatch.setattr(drawing, "run_apart", draw)
    return calls


def page(client, wave, **query):
    return client.get(reverse("scores:wave", args=[wave.pk]), query)


def test_it_says_what_to_do_when_nothing_is_there(sent, wave, cast, signed_in):
    told = page(signed_in(cast.li), wave, lang="en").content.decode()
    assert "No sheet has come back yet" in told
    give(sent[0], all_items("satisfied"))
    told = page(signed_in(cast.li), wave, lang="en").content.decode()
    assert "1 sheet is back" in told
    assert reverse("scores:compute", args=[wave.pk]) in told
    assert reverse("scores:compute", args=[wave.pk]) not in page(signed_in(cast.zhao), wave).content.decode()


def test_the_button_computes_and_comes_back(sent, wave, cast, signed_in):
    give(sent[0], all_items("satisfied"))
    client = signed_in(cast.li)
    url = reverse("scores:compute", args=[wave.pk])
    assert client.get(url).status_code == 405
    assert client.post(url).url == reverse("scores:wave", args=[wave.pk])
    client.post(url)
    assert Result.objects.count() == 1


def test_who_may_not_compute_is_refused(sent, wave, cast, signed_in):
    give(sent[0], all_items("satisfied"))
    assert signed_in(cast.zhao).post(reverse("scores:compute", args=[wave.pk])).status_code == 403
    assert not Result.objects.exists()


def test_it_shows_the_stored_figures(result, wave, cast, signed_in):
    told = page(signed_in(cast.li), wave, lang="en").content.decode()
    for row in [result.figures["overall"], *result.figures["products"], *result.figures["items"]]:
        assert f"{shown_of(row)}" in told
    assert result.inputs_digest[:12] in told
    assert "points/1" in told
    assert "李敏" in told


def shown_of(row):
    from fractions import Fraction

    return shown(Fraction(row["exact"]))


def test_new_sheets_are_told_and_an_earlier_result_stays_readable(result, sent, wave, cast, signed_in):
    give(sent[2], all_items("dissatisfied"))
    client = signed_in(cast.li)
    assert "1 sheet came back since" in page(client, wave, lang="en").content.decode()
    compute_scores(by=cast.li, at=AT, wave=wave)
    assert "All sheets that came back are counted" in page(client, wave, lang="en").content.decode()
    earlier = page(client, wave, lang="en", result=result.pk).content.decode()
    assert "This is an earlier result" in earlier


@pytest.mark.parametrize("who", ["qian", "sun"])
def test_who_does_not_see_the_wave_sees_no_part_of_it(result, wave, cast, signed_in, who, drawn):
    draw_due_results(at=AT)
    client = signed_in(getattr(cast, who))
    urls = [
        reverse("scores:wave", args=[wave.pk]), reverse("scores:pictures", args=[result.pk]),
        reverse("scores:chart", args=[Chart.objects.first().pk]), reverse("scores:inputs", args=[result.pk]),
    ]  # fmt: skip
    assert [client.get(url).status_code for url in urls] == [404] * 4


def test_a_result_of_another_wave_is_not_shown_here(result, wave, cast, signed_in):
    for wrong in ("999999", "0", "x", "9" * 30):
        answer = page(signed_in(cast.li), wave, result=wrong)
        assert answer.status_code == (404 if wrong in ("999999", "0") else 200)


def test_pictures_are_drawn_once_and_shown(result, wave, cast, signed_in, drawn):
    client = signed_in(cast.li)
    assert "hx-get" in page(client, wave).content.decode()
    assert draw_due_results(at=AT) == 1
    assert draw_due_results(at=AT) == 0
    assert drawn == ["zh", "en"]
    told = page(client, wave).content.decode()
    assert not re.search(r"hx-get=.[^\"]*pictures", told)
    chart = Chart.objects.filter(language="zh").first()
    assert chart.name == "products"
    answer = client.get(reverse("scores:chart", args=[chart.pk]))
    assert (answer.content.decode(), answer["Content-Type"]) == (SVG, "image/svg+xml")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_picture_that_fails_leaves_the_page_as_it_is(result, wave, cast, signed_in, monkeypatch):
    monkeypatch.setattr(drawing, "run_apart", lambda *a, **k: 1 / 0)
    assert draw_due_results(at=AT) == 0
    assert draw_due_results(at=AT + LEASE * 2) == 0  # not tried for ever
    assert "hx-get" not in page(signed_in(cast.li), wave).content.decode().split("<main", 1)[1]


def test_drawing_that_was_killed_is_done_when_the_lease_is_over(result, drawn, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(drawing, "read_result", lambda result: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            draw_due_results(at=AT)
    assert draw_due_results(at=AT) == 0
    assert draw_due_results(at=AT + LEASE * 2) == 1
    assert Chart.objects.count() == 4


def test_the_web_loads_no_drawing_and_no_typesetting_engine():
    code = (
        "import django, sys; django.setup(); import manyi.urls;"
        "print([m for m in ('vl_convert', 'typst', 'docx', 'duckdb', 'scipy', 'pandas', 'ibis') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.strip().splitlines()[-1:] == ["[]"], run.stderr
