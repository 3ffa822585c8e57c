"""A wave as its people meet it: the customer's page on a phone, the sheet, the scores, the report, the approval, the board.

The tests follow one another on one running Manyi, as the work does; each begins where the one before has ended.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.journeys.conftest import PHONE

HOSTILE = '<script>document.title="pwned"</script><img src=x onerror=alert(1)>'
ITEMS, WAVE = 12, 3  # what the shipped P12 asks; the demo's third wave is the one of this year
MAGIC = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF-"}
OF_A_WAVE = ("plan", "sample", "dispatch", "responses", "scores", "findings", "reports")


@pytest.fixture(scope="module")
def left() -> dict[str, str]:
    """What one test leaves for the next: the customer's link, the number of the sheet."""
    return {}


def serious(page) -> list[str]:
    """The faults of access a person would be stopped by."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in found if v["impact"] in ("serious", "critical")]


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_who_sends_finds_the_customers_link_in_the_ledger(visit, server, left):
    page = visit("zhao")
    page.goto(f"/dispatch/{WAVE}/?state=sent")
    page.click("tbody a[href^='/dispatch/rows/']")
    left["link"] = page.text_content("code.user-select-all")
    left["row"] = page.text_content("main h2").split()[0]
    assert left["link"].startswith(f"{server}/s/")


def test_the_customers_page_is_two_requests_and_leaves_nothing_behind(visit, server, left):
    page = visit(screen=PHONE, java_script_enabled=False)
    page.goto(left["link"])
    assert len(page.asked) <= 2, page.asked
    assert [url for url in page.asked if not url.startswith((server, "data:"))] == []
    assert page.context.cookies() == []
    assert page.locator("fieldset").count() == ITEMS
    assert page.told == []


def test_the_customers_page_fits_a_phone_and_shuts_nobody_out(visit, left):
    page = visit(screen=PHONE, bypass_csp=True)  # axe is put into the page, which its policy forbids
    for language in ("zh", "en"):
        page.goto(f"{left['link']}?lang={language}")
        assert page.get_attribute("html", "lang") == {"zh": "zh-Hans", "en": "en"}[language]
        assert overflow(page) == 0
        assert serious(page) == []
    assert page.context.cookies() == []


def fill(page, comment: str) -> None:
    page.bring_to_front()
    for question in page.locator("fieldset").all():
        question.locator("input[type=radio]").nth(1).check()
    page.fill("#comment", comment)


def test_a_customer_answers_without_javascript_and_a_repeat_gets_the_same_receipt(visit, left):
    page = visit(screen=PHONE, java_script_enabled=False)
    other = page.context.new_page()  # the same link, opened twice before either is sent
    for tab in (page, other):
        tab.goto(left["link"])
    fill(page, HOSTILE)
    page.click(".send button")
    left["number"] = page.text_content(".number")
    assert re.fullmatch(r"\d{4}-\d{6}", left["number"])
    page.go_back()
    assert page.text_content(".number") == left["number"]
    fill(other, "second thoughts")
    other.click(".send button")
    assert other.text_content(".number") == left["number"]
    assert other.locator(".told").count() == 1  # says that the first sheet counts
    assert page.context.cookies() == []


def test_what_the_customer_wrote_is_only_text_to_the_staff(visit, left):
    page = visit("li")
    page.goto(f"/responses/{WAVE}/")
    assert HOSTILE[:30] in page.text_content("main")
    page.click(f"a:text-is('{left['number']}')")
    assert HOSTILE in page.text_content("main")
    assert page.title() != "pwned"
    assert page.locator("main script, main img").count() == 0
    assert page.told == []


def test_who_sends_says_what_was_done_where_the_work_is(visit):
    page = visit("zhao")
    page.click(f"main a.btn-primary[href='/plan/{WAVE}/']")  # from My work to the survey, whose next step is on top
    page.locator("main a.btn-primary[href$='/steps/report_dispatch/']").first.click()
    page.locator("main textarea, main input[type=text]").first.fill("已全部发放")
    page.click("main form button.btn-primary")
    page.goto("/duties/")
    page.click(f"main a.btn-primary[href='/responses/{WAVE}/']")
    page.click("form[action$='/finish/'] button")
    page.goto("/duties/")
    assert page.locator(f"main a[href$='/{WAVE}/']").count() == 0
    assert page.told == []


def test_scores_are_computed_and_the_report_is_made_in_three_kinds(visit, tmp_path: Path):
    page = visit("li")
    page.click(f"main a.btn-primary[href='/scores/{WAVE}/']")
    page.click("form[action$='/compute/'] button")
    figure = page.text_content("main .h1, main .display")
    assert re.search(r"\d+\.\d\d", figure)
    page.goto(f"/reports/{WAVE}/")
    page.click("form[action$='/make/'] button")
    page.wait_for_selector("a[href^='/reports/file/']", timeout=40_000)  # the page asks by itself
    links = page.locator("section a[href^='/reports/file/']").all()
    kinds = set()
    for link in links:
        with page.expect_download() as download:
            link.click()
        kept = tmp_path / download.value.suggested_filename
        download.value.save_as(kept)
        kind = kept.suffix[1:]
        assert kept.read_bytes().startswith(MAGIC[kind])
        assert kept.stat().st_size > 5_000
        kinds.add(kind)
    assert kinds == set(MAGIC)
    assert page.told == []


def test_who_prepared_it_submits_and_the_general_manager_approves(visit):
    page = visit("li")
    page.goto(f"/reports/{WAVE}/")
    page.click("form[action$='/submit/'] button")
    assert page.locator("form[action$='/approve/']").count() == 0
    page = visit("wang")
    page.click(f"main a.btn-primary[href='/reports/{WAVE}/']")  # it stands in the approver's work
    page.click("form[action$='/approve/'] button")
    page.wait_for_selector("form[action$='/approve/']", state="detached")
    assert "王建国" in page.text_content("section dl")


def test_the_board_shows_the_figures_of_the_wave(visit):
    page = visit("he")
    page.goto(f"/scores/{WAVE}/")
    overall = re.search(r"\d+\.\d\d", page.text_content("main .h1, main .display")).group()
    page.goto("/conformity/")
    assert overall in page.text_content("main")
    assert page.told == []


@pytest.mark.parametrize("who", ["li", "zhao"])
def test_the_pages_of_the_staff_shut_nobody_out(visit, who):
    page = visit(who, bypass_csp=True)
    addresses = ["/duties/", "/conformity/", *(f"/{stage}/{WAVE}/" for stage in OF_A_WAVE)]
    faults = {}
    for address in addresses:
        page.goto(address)
        faults[address] = serious(page)
        page.set_viewport_size(PHONE)
        assert overflow(page) == 0, address
        page.set_viewport_size({"width": 1280, "height": 800})
    assert {address: found for address, found in faults.items() if found} == {}


def test_the_language_is_chosen_and_stays(visit):
    page = visit("li")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=en]")
    page.goto("/conformity/")
    assert page.get_attribute("html", "lang") == "en"
    assert page.text_content("main h1").startswith("Clauses")
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=zh-Hans]")


def test_a_page_that_would_run_a_script_is_seen(visit):
    """The planted fault: had the text not been inert, the tests above would have told."""
    page = visit()
    page.goto("/sign-in/")
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", HOSTILE)
    page.wait_for_timeout(200)
    assert page.told != []
