"""Files that are no good, handed over through the pages: told what is wrong and what to do, and nothing is stored."""

from __future__ import annotations

import random
import re

import pytest
from tests.journeys.conftest import DESK

NOISE = random.Random(20260).randbytes(5 * 1024**2)  # noqa: S311 — the same noise each time
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
TEXT = "客户编号,名称\nC900,无此公司\n".encode()
NEITHER = "客户编号,名称\n".encode() + b"C900,\xff\xfe\x80\x81\n"
HALF_BAD = "客户编号,名称\nC900,甲公司\nC900,乙公司\n".encode()
BAD = {
    "an old Excel file by a new name": ("register.xlsx", OLD_EXCEL),
    "text by the name of a workbook": ("register.xlsx", TEXT),
    "noise as a workbook": ("register.xlsx", NOISE),
    "noise as text": ("customers.csv", NOISE),
    "text in no known encoding": ("customers.csv", NEITHER),
    "one number given twice": ("customers.csv", HALF_BAD),
}
ALIAS_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD_PROCEDURES = {
    "alias bomb": ALIAS_BOMB.encode(),
    "duplicate key": b"key: P99\nkey: P98\n",
    "tabs": b"key:\n\t- x\n",
    "two documents": b"key: P99\n---\nkey: P98\n",
    "not text": NOISE[:4096],
}


def hand_over(page, address: str, name: str, content: bytes) -> int:
    """Upload a file; the status of the page that answers."""
    page.goto(address)
    page.set_input_files("#id_file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    with page.expect_navigation() as answer:
        page.click("main form[enctype] button")
    return answer.value.status


def count_customers(page) -> str:
    page.goto("/customers/?q=C900")
    return page.text_content("main")


@pytest.fixture
def zhao(visit):
    return visit("zhao", screen=DESK)


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_register_is_refused_with_what_is_wrong_and_nothing_is_stored(zhao, fault):
    name, content = BAD[fault]
    assert hand_over(zhao, "/customers/import/", name, content) < 500
    zhao.wait_for_selector("main table tbody tr, #progress:not([hx-get])", timeout=30_000)
    zhao.wait_for_selector("#progress .text-danger", timeout=30_000)
    rows = zhao.locator("#progress tbody tr")
    assert rows.count() >= 1
    assert len(rows.first.locator("td").last.text_content().strip()) > 3  # what to do
    assert zhao.told == []
    assert "C900" not in re.sub(r'value="[^"]*"', "", count_customers(zhao))


@pytest.mark.parametrize("fault", ["an old Excel file by a new name", "text in no known encoding", "noise as text"])
def test_a_bad_file_of_sheets_is_refused_with_what_is_wrong(zhao, fault):
    name, content = BAD[fault]
    assert hand_over(zhao, "/responses/3/import/", name, content) < 500
    zhao.wait_for_selector("#progress .text-danger", timeout=30_000)
    assert zhao.locator("#progress tbody tr").count() >= 1


@pytest.mark.parametrize("fault", BAD_PROCEDURES)
def test_a_bad_procedure_is_refused_and_no_draft_is_left(visit, fault):
    page = visit("admin")
    page.goto("/procedure/")
    before = page.locator("main tbody tr").count()
    status = hand_over(page, "/procedure/import/", "P99.yaml", BAD_PROCEDURES[fault])
    assert 200 <= status < 500
    assert page.locator("main tbody tr, main .invalid-feedback, main .alert").count() >= 1
    page.goto("/procedure/")
    assert page.locator("main tbody tr").count() == before
