"""The robots of WeCom, DingTalk and Feishu: how each wants a message and says that it has it.

A message is one line of plain text: what it is about and a link. Nothing of it comes from outside unguarded: line
breaks, mentions and marks of formatting are taken out, so that no customer's words can call everybody in a group.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import re
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import URLError
from urllib.parse import quote_plus, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

SECONDS, MOST_ANSWER, MOST_TEXT = 5, 65_536, 500
_MARKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029<>`*_~#\[\]|@＠]+")


class NotSaid(Exception):
    """The robot did not take the message; says why."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_said: Any) -> None:
        """Never: an address is what was entered, not where it leads."""
        return


OPENER: OpenerDirector = build_opener(_NoRedirects)


def plain_line(text: str) -> str:
    """``text`` as one line that mentions nobody and formats nothing.

    >>> plain_line("投诉 <@all>\\n[点我](http://x)")
    '投诉 all 点我 (http://x)'
    """
    return " ".join(_MARKS.sub(" ", text).split())[:MOST_TEXT]


def say(kind: str, address: str, secret: str, text: str, *, at: float, allowed: frozenset[str] = frozenset()) -> None:
    """Say ``text`` by a robot, or raise ``NotSaid``. ``at`` is the time in seconds that a signature carries.

    Hosts inside the house are refused unless ``allowed`` names them, and nothing is followed elsewhere.
    """
    check_address(address, allowed)
    url, content = WAYS[kind](address, secret, text, int(at))
    body = json.dumps(content, ensure_ascii=False).encode()
    request = Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310 — checked above
    try:
        with OPENER.open(request, timeout=SECONDS) as response:
            answer = json.loads(response.read(MOST_ANSWER))
    except (URLError, OSError, ValueError) as error:
        raise NotSaid(f"{type(error).__name__}: {error}"[:200]) from None
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode"))) if isinstance(answer, dict) else None
    if code != 0:
        raise NotSaid(str(answer)[:200])


def check_address(address: str, allowed: frozenset[str]) -> None:
    """Refuse an address that is no web address, not encrypted, or leads into the house itself."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host in allowed and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or not host or parts.username or parts.password:
        raise NotSaid("only https addresses are taken / 仅接受 https 地址")
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSaid(f"{host}: {error}") from None
    if not all(ipaddress.ip_address(str(entry[4][0])).is_global for entry in found):
        raise NotSaid(f"{host} lies inside the house / {host} 是内部地址")


def _wecom(address: str, _secret: str, text: str, _at: int) -> tuple[str, Mapping[str, Any]]:
    return address, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(address: str, secret: str, text: str, at: int) -> tuple[str, Mapping[str, Any]]:
    """The signature is HMAC-SHA256 of time and secret, in the address; the time counts milliseconds."""
    content = {"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": False}}
    if not secret:
        return address, content
    stamp = str(at * 1000)
    mark = _signed(secret.encode(), f"{stamp}\n{secret}".encode())
    joint = "&" if urlsplit(address).query else "?"
    return f"{address}{joint}timestamp={stamp}&sign={quote_plus(mark)}", content


def _feishu(address: str, secret: str, text: str, at: int) -> tuple[str, Mapping[str, Any]]:
    """The signature is HMAC-SHA256 of nothing under time and secret, in the message."""
    content: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        content |= {"timestamp": str(at), "sign": _signed(f"{at}\n{secret}".encode(), b"")}
    return address, content


def _signed(key: bytes, said: bytes) -> str:
    return base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


WAYS: dict[str, Callable[[str, str, str, int], tuple[str, Mapping[str, Any]]]] = {
    "wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu,
}  # fmt: skip
