"""A customer with a browser that keeps nothing: opens the page of a link, fills the form it finds, sends it."""

from __future__ import annotations

import http.client
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    body: str
    headers: dict[str, str]
    cookies: list[str] = field(default_factory=list)


class Form(HTMLParser):
    """The fields of the page's form: hidden ones with their value, radios with their choices."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "input" and said.get("type") == "hidden" and said.get("name"):
            self.hidden[said["name"]] = said.get("value", "")
        if tag == "input" and said.get("type") == "radio":
            self.choices.setdefault(said["name"], []).append(said.get("value", ""))

    def filled(self, chance: random.Random) -> dict[str, str]:
        """The form with every item answered by chance."""
        answers = {name: chance.choice([v for v in values if v]) for name, values in self.choices.items()}
        return {**self.hidden, **answers}


@dataclass
class Customer:
    """One customer's end of the wire."""

    port: int
    token: str
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def path(self) -> str:
        return f"/s/{self.token}"

    def get(self, path: str = "", method: str = "GET") -> Answer:
        return ask(self.port, method, path or self.path)

    def filled(self) -> dict[str, str]:
        """The page's form, filled."""
        page = self.get()
        if page.status != 200:
            raise RuntimeError(f"the page answered {page.status}")
        return Form(page.body).filled(self.chance)

    def send(self, fields: Mapping[str, str]) -> Answer:
        return ask(self.port, "POST", self.path, fields)


def ask(port: int, method: str, path: str, fields: Mapping[str, str] | None = None, cookie: str = "") -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
    if cookie:
        headers["Cookie"] = cookie
    try:
        connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        place = response.getheader("Location") or ""
        return Answer(response.status, place, body, dict(response.getheaders()), [c.strip() for c in cookies])
    finally:
        connection.close()
