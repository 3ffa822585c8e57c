"""B18: signing in gives a new session, signing out ends it, no sign-in leads off the site, headers on every answer."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from bars.bar import Bar, Outcome
from bars.crawl import visits
from bars.respondent import Answer, ask
from bars.site import Site, site

PASSWORD = "manyi-demo-2026"
ELSEWHERE = (
    "//evil.example", "///evil.example", "https://evil.example", "http:evil.example", "https:///evil.example",
    "\\\\evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example/%2e%2e",
    "https://127.0.0.1.evil.example", "https://evil.example#127.0.0.1", "//127.0.0.1@evil.example", "\t//evil.example",
    " //evil.example", "%2F%2Fevil.example", "/%09/evil.example", "https://evil.example/?127.0.0.1", "ftp://evil.example",
    "//evil.example:80", "http://[::1].evil.example", "//\u3002evil.example", "/\u0000/evil.example", "mailto:x@evil.example",
)  # fmt: skip
ANONYMOUS = (
    "from django.contrib.sessions.backends.db import SessionStore\n"
    "session = SessionStore(); session['seen'] = 1; session.create(); print(session.session_key)"
)
HEADERS = ("x-content-type-options", "referrer-policy", "permissions-policy", "x-frame-options")


def run(full: bool, fault: bool) -> Outcome:
    with site("bars.faults.fixed_session" if fault else "manyi.settings") as here:
        wrong = [*_session(here), *_next(here)]
        answers = 0
        if not fault:
            for visit in visits(here, ("", "li")):
                answers += 1
                names = {name.lower() for name in visit.answer.headers}
                wrong += [f"{visit.path}: no {name}" for name in HEADERS if name not in names]
    return Outcome(not wrong, f"{len(ELSEWHERE)} ways off the site, {answers} answers with headers; wrong: {wrong[:4]}")


def _session(here: Site) -> list[str]:
    page = ask(here.port, "GET", "/sign-in/")
    before = _cookies(page)
    planted = here.run(ANONYMOUS).strip()
    answer = _sign_in(here, before, "/", planted)
    cookie = next((c for c in answer.cookies if c.startswith("manyi=")), "")
    wrong = [] if answer.status == 302 else [f"sign-in answered {answer.status}"]
    if not cookie or planted in cookie:
        wrong.append("the session did not change at sign-in")
    wrong += [
        f"the session cookie is not {word}"
        for word in ("HttpOnly", "SameSite=Lax")
        if word.lower() not in cookie.lower()
    ]
    held = cookie.split(";")[0]
    inside = ask(here.port, "GET", "/duties/", cookie=held)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', inside.body)
    csrf = _cookies(inside).get("csrf") or before.get("csrf", "")
    out = ask(
        here.port, "POST", "/sign-out/", {"csrfmiddlewaretoken": token[1] if token else ""}, f"{held}; csrf={csrf}"
    )
    after = ask(here.port, "GET", "/duties/", cookie=held)
    if inside.status != 200 or out.status != 302 or after.status != 302:
        wrong.append(f"inside {inside.status}, sign-out {out.status}, afterwards {after.status}")
    return wrong


def _next(here: Site) -> list[str]:
    wrong = []
    for place in ELSEWHERE:
        page = ask(here.port, "GET", "/sign-in/")
        answer = _sign_in(here, _cookies(page), place, "")
        if not _stays(here, answer.location):
            wrong.append(f"next={place!r} leads to {answer.location}")
        if answer.status >= 500:
            wrong.append(f"next={place!r}: {answer.status}")
    return wrong


def _stays(here: Site, location: str) -> bool:
    """Whether a browser that is sent to ``location`` stays here: it drops tabs and line ends and reads \\ as /."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    place = urlsplit(urljoin(f"{here.url}/sign-in/", seen))
    return (place.scheme, place.netloc) == ("http", f"127.0.0.1:{here.port}")


def _sign_in(here: Site, cookies: dict[str, str], place: str, planted: str) -> Answer:
    page = ask(here.port, "GET", "/sign-in/", cookie=f"csrf={cookies.get('csrf', '')}")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    fields = {"csrfmiddlewaretoken": token[1] if token else "", "username": "li", "password": PASSWORD, "next": place}
    csrf = _cookies(page).get("csrf") or cookies.get("csrf", "")
    cookie = f"csrf={csrf}" + (f"; manyi={planted}" if planted else "")
    return ask(here.port, "POST", "/sign-in/", fields, cookie)


def _cookies(answer: Answer) -> dict[str, str]:
    return dict(cookie.split(";")[0].split("=", 1) for cookie in answer.cookies)


BAR = Bar(
    "B18", "sessions change at sign-in and end at sign-out; nothing leads off the site", "the key kept at sign-in", run
)
