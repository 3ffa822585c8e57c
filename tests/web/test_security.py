"""What the browser is told, and what a respondent's page never does."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("sample_product")

WEB = Path(__file__).resolve().parents[2] / "src" / "manyi" / "web"


class Attributes(HTMLParser):
    """Collects what a strict content policy would refuse, and every address a page asks for."""

    def __init__(self):
        super().__init__()
        self.inline, self.asked = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.asked += [given[name] for name in ("src", "href", "action") if given.get(name)]


def read(response):
    page = Attributes()
    page.feed(response.content.decode())
    return page


def test_the_policy_allows_nothing_but_our_own(client, db):
    policy = {p.split()[0]: p.split()[1:] for p in client.get("/sign-in/")["Content-Security-Policy"].split("; ")}
    for directive in ("default-src", "frame-ancestors", "base-uri", "object-src"):
        assert policy[directive] == ["'none'"]
    for directive in ("style-src", "font-src", "connect-src", "form-action"):
        assert policy[directive] == ["'self'"]
    assert "unsafe-inline" not in str(policy)
    assert "unsafe-eval" not in str(policy)


def test_every_page_carries_the_headers(client, db):
    response = client.get("/sign-in/")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"].startswith(("no-store", "max-age=0"))
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/sign-in/", "/s/good", "/nowhere"])
def test_no_page_needs_anything_inline_or_from_elsewhere(client, db, address):
    page = read(client.get(address))
    assert page.inline == []
    assert [a for a in page.asked if "//" in a] == []


def test_the_signed_in_page_neither(signed_in, cast):
    page = read(signed_in(cast.zhang).get("/sample/"))
    assert page.inline == []
    assert [a for a in page.asked if "//" in a] == []


def test_a_planted_inline_style_is_found():
    page = Attributes()
    page.feed('<p style="x" onclick="y"><script>z</script>')
    assert page.inline == ["p style", "p onclick", "script"]


def test_a_respondents_page_is_light_and_leaves_nothing(client, db):
    response = client.post("/s/good")
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert (WEB / "static" / "respond.css").stat().st_size < 6 * 1024
    assert "<script" not in client.get("/s/good").content.decode()


def test_no_template_of_ours_switches_escaping_off():
    for template in WEB.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert "|safe" not in text, template
        assert "autoescape off" not in text, template
