"""Personal links of ledger rows."""

from __future__ import annotations

from uuid import UUID

from manyi.web import links

_SALT = "manyi.dispatch.link"


def make_token(key: UUID) -> str:
    """The token of the ledger row ``key``."""
    return links.make_token(key, _SALT)


def read_token(token: str) -> UUID | None:
    """The ledger row a token was made for; ``None`` for anything that was not made here."""
    return links.read_token(token, _SALT)
