import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
import pytest
from datetime import date
from tests.conftest import AT, PASSWORD
from manyi.flow.dispatch.links import make_token
from manyi.flow.responses.operations import NewSheet, enter_sheet
from manyi.base.files.operations import request_intake
from manyi.base.customers import intake as ci

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, sent, wave, cast, settings, signed_in):
    from playwright.sync_api import sync_playwright
    settings.ALLOWED_HOSTS=["*"]
    enter_sheet(by=cast.zhao, at=AT.replace(month=12,day=20), wave=wave, sheet=NewSheet(sent[0].customer, sent[0].product, {"safety":"neutral"}, date(2026,12,9), comment="交货太慢"))
    intake = request_intake(purpose=ci.PURPOSE, subject="", unit=cast.company.pk, title="客户.csv", content="customer_id,name,email\nA1,甲,no\n,乙,\n".encode(), asked_by=cast.zhao.pk, at=AT)
    ci.take_register(intake, at=AT)
    client = signed_in(cast.zhao)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    url = live_server.url
    tok = make_token(sent[1].key)
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for w in (390, 1280):
            ctx = b.new_context(viewport={"width": w, "height": 844}, locale="zh-CN")
            page = ctx.new_page()
            def shot(path, name):
                page.goto(url+path); page.wait_for_load_state("networkidle")
                page.screenshot(path=f"/tmp/answers/{name}-{w}.png", full_page=True)
                print(name, w, page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"))
            shot(f"/s/{tok}", "form"); shot(f"/s/{tok}?lang=en", "form-en"); shot("/s/x","unknown")
            shot(f"/s/{make_token(sent[0].key)}", "receipt")
            page.goto(url+f"/s/{tok}"); page.click("button.button"); page.wait_for_load_state("networkidle"); page.screenshot(path=f"/tmp/answers/blank-{w}.png")
            ctx.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
            shot(f"/responses/{wave.pk}/", "wave"); shot(f"/responses/{wave.pk}/enter/", "enter"); shot(f"/responses/{wave.pk}/enter/{sent[1].pk}/", "paper"); shot(f"/responses/{wave.pk}/import/", "import")
            shot(f"/responses/sheet/{wave.sheets.first().pk}/", "sheet")
            shot("/customers/", "customers"); shot(f"/customers/{sent[0].customer_id}/", "customer"); shot(f"/customers/intake/{intake.pk}/", "intake"); shot("/customers/import/", "cimport"); shot("/customers/new/", "new")
        b.close()
