"""Every route of a running installation, asked for as every person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bars.respondent import Answer, ask
from bars.site import Site

PEOPLE = ("", "admin", "wang", "li", "zhao", "sun", "he")
_ROUTES = """
import json
from manyi.web.access import declared, routes
print(json.dumps([(path, getattr(declared(view), 'kind', '')) for path, view in routes()]))
"""
_SESSIONS = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from manyi.base.people.models import Person
made = {}
for person in Person.objects.all():
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend'
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    made[person.username] = session.session_key
print(json.dumps(made))
"""


@dataclass(frozen=True)
class Visit:
    """One request of the crawl and its answer."""

    route: str
    path: str
    person: str
    answer: Answer


def visits(here: Site, people: tuple[str, ...] = PEOPLE) -> Iterator[Visit]:
    """GET of every route as every person, with the first object of each kind and with one that is missing."""
    cookies = json.loads(here.run(_SESSIONS))
    for route, _ in json.loads(here.run(_ROUTES)):
        for path in sorted({filled(route, "1"), filled(route, "999999")}):
            for person in people:
                cookie = f"manyi={cookies[person]}" if person else ""
                yield Visit(route, path, person, ask(here.port, "GET", path, cookie=cookie))


def filled(route: str, number: str) -> str:
    """A route with something in its places."""
    return re.sub(r"<(\w+:)?\w+>", lambda m: number if (m[1] or "") == "int:" else "x" * 43, route)
