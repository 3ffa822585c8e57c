"""Personal links: made from a ledger row's random key and a secret that is not in the database.

The token is the row's 128-bit key followed by a 128-bit HMAC over it. Nothing about a token is stored, a copy of the
database makes no link, and a wrong token costs one look-up and one constant-time comparison.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "manyi.dispatch.link"
_LENGTH = 43


def make_token(key: UUID) -> str:
    """The token of the ledger row ``key``: 43 URL-safe characters."""
    return urlsafe_b64encode(key.bytes + _mac(key)).decode("ascii").rstrip("=")


def read_token(token: str) -> UUID | None:
    """The ledger row a token was made for; ``None`` for anything that was not made here."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=")
    except (Error, ValueError):
        return None
    if len(raw) != 32:
        return None
    key = UUID(bytes=raw[:16])
    return key if constant_time_compare(raw[16:], _mac(key)) and make_token(key) == token else None


def _mac(key: UUID) -> bytes:
    return salted_hmac(_SALT, key.bytes, algorithm="sha256").digest()[:16]
