"""CSV files from outside: their encoding, their head, and a careful copy where the fast reader will not do."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from manyi.core.errors import Fault, Faults
from manyi.tables.faults import fault

CHUNK = 1 << 20
MOST_UNPACKED = 4 * 1024**3
LONGEST_CELL = 32_767


def as_utf8(file: Path, name: str, copy: Path) -> Path:
    """The file itself where it is plain UTF-8, else ``copy`` in UTF-8; strict in both encodings."""
    zipped = file.name.lower().endswith(".gz")
    encoding = next((e for e in ("utf-8", "gb18030") if _decodes(file, name, zipped, e)), None)
    if encoding is None:
        raise Faults([fault("encoding", name)])
    if encoding == "utf-8" and not zipped:
        return file
    decoder = codecs.getincrementaldecoder(encoding)()
    with copy.open("w", encoding="utf-8", newline="") as out:
        for chunk in _chunks(file, name, zipped):
            out.write(decoder.decode(chunk))
    return copy


def _decodes(file: Path, name: str, zipped: bool, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(file, name, zipped):
            if b"\x00" in chunk:
                return False
            # pure ASCII at a character's border needs no decoding, and most large files are little else
            if not (chunk.isascii() and not decoder.getstate()[0]):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(file: Path, name: str, zipped: bool) -> Iterator[bytes]:
    size = 0
    try:
        with cast(BinaryIO, gzip.open(file, "rb")) if zipped else file.open("rb") as data:
            while chunk := data.read(CHUNK):
                size += len(chunk)
                if zipped and size > MOST_UNPACKED:
                    raise Faults([fault("too_big", name, got=f"> {MOST_UNPACKED // 1024**3} GB")])
                yield chunk
    except (OSError, EOFError, zlib.error):
        raise Faults([fault("not_readable", name, got=file.name)]) from None


def read_head(file: Path, name: str) -> tuple[tuple[str, ...], str]:
    """The heads of a UTF-8 file and the character that stands between its cells."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        first = text.readline(CHUNK)
        delimiter = max(",;\t", key=first.count)
        text.seek(0)
        try:
            heads = next((row for row in csv.reader(text, delimiter=delimiter) if any(row)), [])
        except csv.Error as error:
            raise Faults([fault("broken_row", name, 1, got=error)]) from None
    if not heads:
        raise Faults([fault("empty_table", name)])
    return tuple(head.strip() for head in heads), delimiter


def number_rows(file: Path, name: str, out: Path, faults: list[Fault]) -> None:
    """Copy a UTF-8 file row by row with a first column ``_row``, the row as a spreadsheet shows it.

    Blank rows are counted and left out, short ones filled up; a row with more cells than heads, or with a quote
    that never ends, is a fault.
    """
    heads, delimiter = read_head(file, name)
    with file.open(encoding="utf-8-sig", newline="") as text, out.open("w", encoding="utf-8", newline="") as copy:
        write = csv.writer(copy).writerow
        seen_head = False
        for number, row in _records(csv.reader(text, delimiter=delimiter, strict=True), name, faults):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not seen_head:
                seen_head = True
                write(["_row", *heads])
            elif any(cells[len(heads) :]):
                faults.append(fault("broken_row", name, number, got=f"{len(cells)} > {len(heads)}"))
            elif any(len(cell) > LONGEST_CELL for cell in cells):
                faults.append(fault("too_big", name, number, got=f"> {LONGEST_CELL}"))
            else:
                write([number, *cells[: len(heads)], *[""] * (len(heads) - len(cells))])


def _records(rows: Iterator[list[str]], name: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            yield number, next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(fault("broken_row", name, number, got=error))
