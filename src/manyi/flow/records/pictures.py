"""What is a picture: told by the first bytes of a file, never by its name."""

from __future__ import annotations

from pathlib import PurePath

_MARKS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
          (b"GIF89a", "image/gif"))  # fmt: skip
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
HEIC = "image/heic"
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic"})
SHOWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
"""Pictures every browser shows; a phone's own format is kept and downloaded."""


def suffix_of(title: str) -> str:
    """What a file's name ends with, in small letters."""
    return PurePath(title.replace("\\", "/")).suffix.lower()


def is_shown(title: str) -> bool:
    """Whether a file that was taken in under this name is a picture a page shows."""
    return suffix_of(title) in SHOWN


def picture_type(content: bytes) -> str:
    """The media type of a picture by its first bytes; empty for anything else.

    >>> picture_type(b"\\xff\\xd8\\xff\\xe0"), picture_type(b"%PDF-1.4")
    ('image/jpeg', '')
    """
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return HEIC if content[4:8] == b"ftyp" and content[8:12] in _HEIC else ""
