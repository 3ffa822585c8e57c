"""The page behind a personal link: what a customer sees, sends and keeps."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.flow.dispatch.links import make_token
from manyi.flow.dispatch.operations import close_ask
from manyi.flow.plan.operations import close_wave
from manyi.flow.responses import public_views
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.operations import submit_sheet

threads = pytest.mark.django_db(transaction=True)
ITEMS = 12  # D9-09 … D9-13: 5 + 3 + 1 + 2 + 1
HOSTILE = '<script>alert(1)</script> & "太慢"'


@pytest.fixture(autouse=True)
def _writer(request, monkeypatch):
    """The writer's own thread does not see a test's open transaction: where a test has one, its batches of one do."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        monkeypatch.setattr(public_views.writer, "submit", submit_sheet)


def page_of(ask) -> str:
    return f"/s/{make_token(ask.key)}"


def filled(key=None, grade="satisfied", **more):
    return {"submission": str(key or uuid4()), "a.main_indicators": grade, "a.price_performance": grade, **more}


@pytest.mark.accepts("D9-16", "D9-20")
def test_it_names_the_product_and_asks_every_item_with_its_five_grades(client, sent):
    page = client.get(page_of(sent[0]))
    text = page.content.decode()
    assert page.status_code == 200
    assert f"<strong>{sent[0].product.name}</strong>" in text
    assert sent[0].number in text
    assert text.count("<fieldset") == ITEMS
    assert text.count('type="radio"') == ITEMS * 5
    for grade in ("满意", "比较满意", "一般", "不太满意", "不满意"):
        assert text.count(f">{grade}</label>") == ITEMS


def test_it_is_light_and_leaves_nothing_on_the_device(client, sent):
    page = client.get(page_of(sent[0]))
    text = page.content.decode()
    assert len(page.content) < 15_000
    assert len(re.findall(r'<(?:link rel="stylesheet"|script|img)', text)) == 1
    assert "<script" not in text
    assert not page.cookies
    assert "Set-Cookie" not in page.headers
    assert "session" not in page.headers.get("Vary", "").lower()


def test_it_speaks_english_to_who_asks_for_it(client, sent):
    for page in (
        client.get(page_of(sent[0]) + "?lang=en"),
        client.get(page_of(sent[0]), headers={"accept-language": "en-GB,en"}),
    ):
        assert 'lang="en"' in page.content.decode()
        assert "Fairly satisfied" in page.content.decode()
    assert "比较满意" in client.get(page_of(sent[0]), headers={"accept-language": "fr"}).content.decode()


def test_pages_of_different_links_do_not_mix(client, sent):
    first, second = (client.get(page_of(ask)).content.decode() for ask in sent[:2])
    keys = [re.search(r'name="submission" value="([^"]+)"', text)[1] for text in (first, second)]
    assert keys[0] != keys[1]
    assert sent[0].number in first
    assert sent[0].number not in second


def test_looking_at_it_uses_nothing_up(client, sent):
    path = page_of(sent[0])
    for method in ("get", "head", "options", "get"):
        getattr(client, method)(path)
    assert Sheet.objects.count() == 0
    assert client.post(path, filled()).status_code == 303


def test_a_sent_sheet_is_stored_and_its_receipt_names_number_and_day(client, sent):
    path = page_of(sent[0])
    answer = client.post(path, filled(comment=HOSTILE))
    assert (answer.status_code, answer["Location"]) == (303, f"{path}/done")
    receipt = client.get(answer["Location"]).content.decode()
    sheet = Sheet.objects.get()
    assert sheet.answers == {"main_indicators": "satisfied", "price_performance": "satisfied"}
    assert sheet.comment == HOSTILE
    assert sheet.number in receipt
    assert sheet.returned_on.isoformat() in receipt
    assert Event.objects.filter(kind="responses.sheet.returned").count() == 1


@threads
def test_the_same_form_sent_again_gives_the_same_receipt(client, sent, wave, cast):
    """The shape of B3: double click, back and again, much later when the wave is closed."""
    path, form = page_of(sent[0]), filled()
    answers = [client.post(path, form) for _ in range(3)]
    close_wave(by=cast.zhao, at=AT, wave=wave)
    answers.append(client.post(path, form))
    assert {(a.status_code, a["Location"]) for a in answers} == {(303, f"{path}/done")}
    assert client.get(f"{path}/done").status_code == 200
    assert Sheet.objects.count() == 1
    assert Event.objects.filter(kind="responses.sheet.returned").count() == 1


def test_a_second_form_of_the_link_is_told_of_the_first(client, sent):
    path = page_of(sent[0])
    client.post(path, filled(grade="satisfied"))
    answer = client.post(path, filled(grade="dissatisfied"))
    assert answer["Location"] == f"{path}/done?first"
    receipt = client.get(answer["Location"] + "&lang=en").content.decode()
    assert "the first one counts" in receipt.lower()
    assert sent[0].number in receipt
    assert Sheet.objects.get().answers["main_indicators"] == "satisfied"
    assert sent[0].number in client.get(path).content.decode()


@threads
def test_thirty_two_identical_forms_at_once_are_one_sheet(sent):
    path, form = page_of(sent[0]), filled()

    def send(_):
        try:
            answer = Client().post(path, form)
            return answer.status_code, answer["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(32) as pool:
        answers = set(pool.map(send, range(32)))
    assert answers == {(303, f"{path}/done")}
    assert Sheet.objects.count() == 1
    assert Event.objects.filter(kind="responses.sheet.returned").count() == 1


@threads
def test_every_acknowledged_sheet_is_stored(sent):
    def send(ask):
        try:
            return ask.number if Client().post(page_of(ask), filled()).status_code == 303 else None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        acknowledged = {number for number in pool.map(send, sent) if number}
    assert acknowledged == set(Sheet.objects.values_list("number", flat=True))
    assert len(acknowledged) == len(sent)


def test_links_that_lead_nowhere_all_look_the_same(client, sent, cast):
    closed = close_ask(by=cast.zhao, at=AT, ask=sent[1], reason="退件")
    token = make_token(sent[0].key)
    other = make_token(uuid4())
    forged = ("A" if token[0] != "A" else "B") + token[1:]
    paths = [page_of(closed), f"/s/{other}", f"/s/{forged}", "/s/x", f"/s/{'a' * 500}", f"{page_of(sent[0])}/done"]
    answers = [client.get(path) for path in paths] + [client.post(path, filled()) for path in paths[:-1]]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1
    assert Sheet.objects.count() == 0


def test_a_closed_wave_says_no_more_than_an_unknown_link(client, sent, wave, cast):
    close_wave(by=cast.zhao, at=AT, wave=wave)
    unknown = client.get("/s/x")
    for answer in (client.get(page_of(sent[0])), client.post(page_of(sent[0]), {"submission": "bad"})):
        assert (answer.status_code, answer.content) == (404, unknown.content)


def test_an_empty_form_is_asked_about_once(client, sent):
    path, key = page_of(sent[0]), str(uuid4())
    again = client.post(path + "?lang=en", {"submission": key})
    assert again.status_code == 422
    assert "Nothing is filled in yet" in again.content.decode()
    assert key in again.content.decode()
    assert Sheet.objects.count() == 0
    assert client.post(path, {"submission": key, "blank": "meant"}).status_code == 303
    assert Sheet.objects.get().answers == {}


def test_a_wrong_grade_is_refused_and_what_was_typed_is_kept(client, sent):
    form = filled(comment=HOSTILE) | {"a.safety": "splendid"}
    again = client.post(page_of(sent[0]), form)
    text = again.content.decode()
    assert again.status_code == 422
    assert text.count('<fieldset class="wrong"') == 1
    assert 'name="a.main_indicators" value="satisfied" checked' in text
    assert text.count(" checked") == 2
    assert form["submission"] in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert Sheet.objects.count() == 0


def test_an_unknown_item_and_a_broken_key_are_refused(client, sent):
    assert client.post(page_of(sent[0]), filled() | {"a.weather": "satisfied"}).status_code == 422
    for key in ("", "x", "\U0001f600" * 9, "1" * 4000):
        assert client.post(page_of(sent[0]), filled() | {"submission": key}).status_code == 422
    assert Sheet.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [b"submission=%00", b"comment=%ED%A0%80%00", b"a.safety=sat%00", b"comment=" + b"x" * 1_000_000, b"%ED%A0%80=%00"],
    ids=["nul", "surrogate", "nul in a grade", "a megabyte", "a strange name"],
)
def test_what_no_database_can_hold_is_refused_at_the_door(client, sent, body):
    answer = client.post(page_of(sent[0]), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert Sheet.objects.count() == 0


def test_too_long_a_comment_is_said_and_kept(client, sent):
    again = client.post(page_of(sent[0]), filled(comment="长" * 4001))
    assert again.status_code == 422
    assert "4000" in again.content.decode()
    assert client.post(page_of(sent[0]), filled(comment="长\r\n" * 2000)).status_code == 303


def test_the_form_is_rendered_once_for_all_links(client, sent, django_assert_num_queries):
    client.get(page_of(sent[0]))
    with django_assert_num_queries(2):  # the ledger row, and whether its sheet is there
        client.get(page_of(sent[1]))
