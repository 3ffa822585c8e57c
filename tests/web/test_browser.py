"""The shell in a real browser: it fits a phone, breaks no rule of its content policy, and can be used without a mouse."""

from __future__ import annotations

import shutil

import pytest
from tests.conftest import PASSWORD

CHROMIUM = shutil.which("chromium")
SCREENS = [(1280, 800), (390, 844)]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("sample_product"),
    pytest.mark.skipif(CHROMIUM is None, reason="BROWSER TESTS SKIPPED: apt-get install chromium"),
]


@pytest.fixture(params=SCREENS, ids=["desk", "phone"])
def page(request, chromium):
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.told = []
    page.on("console", lambda message: page.told.append(message.text))
    yield page
    context.close()


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def faults_of_access(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def test_every_page_fits_and_is_accessible(transactional_db, cast, live_server, page):
    page.goto(f"{live_server.url}/customers/")
    assert faults_of_access(page) == []
    page.fill("#id_username", "zhang")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/customers/")
    for address in ("/customers/", "/customers/?lang=en", "/s/good"):
        page.goto(live_server.url + address)
        assert overflow(page) == 0, address
        assert faults_of_access(page) == [], address
    assert page.told == []
    for address in ("/faulty/?n=3", "/nowhere"):
        page.goto(live_server.url + address)
        assert overflow(page) == 0, address
        assert faults_of_access(page) == [], address
    assert [told for told in page.told if "Content Security Policy" in told or "violates" in told] == []


def test_the_language_is_chosen_with_the_keyboard_alone(transactional_db, cast, live_server, page):
    page.goto(f"{live_server.url}/sign-in/")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.focus("button[name=language]")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/sign-in/")


def test_a_planted_fault_is_seen(page):
    page.set_content('<html lang="zh"><title>x</title><main><p style="width:2000px">x</p><input></main></html>')
    assert overflow(page) > 0
    assert [fault for fault in faults_of_access(page) if fault.startswith("label")]
