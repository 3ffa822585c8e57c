"""A personal link is the whole authority, so nobody finds one: not by guessing, not from the database."""

import re
import uuid

import pytest
from django.db import connection

from manyi.flow.dispatch.links import make_token, read_token
from manyi.flow.dispatch.queries import find_ask_by_token


def test_a_token_opens_its_own_row_and_no_other(sent):
    for ask in sent:
        assert find_ask_by_token(make_token(ask.key)).pk == ask.pk
    assert find_ask_by_token(make_token(uuid.uuid4())) is None


def test_it_holds_128_random_bits_and_128_more_that_only_the_secret_makes(settings):
    key = uuid.uuid4()
    token = make_token(key)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    settings.SECRET_KEY = "another installation's"
    assert make_token(key) != token
    assert read_token(token) is None


def test_a_hundred_thousand_tokens_differ(sent):
    tokens = {make_token(uuid.uuid4()) for _ in range(100_000)}
    assert len(tokens) == 100_000


def test_nothing_in_the_database_opens_a_page(sent):
    """Every text, number and key of every table, tried as a token as it is and cut to its length."""
    with connection.cursor() as cursor:
        held = set()
        for table in connection.introspection.table_names():
            if "outbox" in table:  # a queued mail holds its own link until it is sent
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 — names from the database itself
            for row in cursor.fetchall():
                held |= {str(value) for value in row if value is not None}
    assert len(held) > 100
    words = {word for value in held for word in re.findall(r"[A-Za-z0-9_-]{22,}", value)} | held
    assert [word for word in words for part in (word, word[:43], word[-43:]) if read_token(part) is not None] == []


@pytest.mark.parametrize(
    "token",
    ["", "x", "A" * 43, "A" * 42, "A" * 44, "/" * 43, "é" * 43, "\x00" * 43, "=" * 43, " " * 43, "../" * 14 + "a"],
)
def test_what_was_not_made_here_is_nothing(token):
    assert read_token(token) is None


def test_a_token_with_any_sign_changed_is_nothing():
    token = make_token(uuid.UUID(int=7))
    signs = "ABCXYZabcxyz0189_-"
    for place in range(43):
        for sign in signs:
            changed = token[:place] + sign + token[place + 1 :]
            assert changed == token or read_token(changed) is None
