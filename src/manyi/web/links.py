"""Unguessable links: made from a row's random key and a secret that is not in the database.

The token is the row's 128-bit key followed by a 128-bit HMAC over it, under a salt of its own for each use. Nothing
about a token is stored, a copy of the database makes no link, and a wrong token costs one constant-time comparison.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

_LENGTH = 43


def make_token(key: UUID, salt: str) -> str:
    """The token of the row ``key``: 43 URL-safe characters."""
    return urlsafe_b64encode(key.bytes + _mac(key, salt)).decode("ascii").rstrip("=")


def read_token(token: str, salt: str) -> UUID | None:
    """The row a token was made for; ``None`` for anything that was not made here for this use."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=")
    except (Error, ValueError):
        return None
    if len(raw) != 32:
        return None
    key = UUID(bytes=raw[:16])
    return key if constant_time_compare(raw[16:], _mac(key, salt)) and make_token(key, salt) == token else None


def _mac(key: UUID, salt: str) -> bytes:
    return salted_hmac(salt, key.bytes, algorithm="sha256").digest()[:16]
