"""Excel workbooks from outside, read in a process of their own that may be killed.

``python -m manyi.tables.workbook FILE FOLDER`` writes every sheet as UTF-8 CSV with a first column ``_row`` (the row as
Excel shows it) and prints a JSON list of [sheet name, file name]. The parent sets limits of memory and time and checks
the archive before anything is unpacked: a workbook of a few kilobytes can ask for gigabytes.
"""

from __future__ import annotations

import csv
import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from defusedxml.ElementTree import fromstring
from python_calamine import CalamineWorkbook

from manyi.core.errors import Faults
from manyi.tables.faults import fault

MOST_BYTES = 200 * 1024**2
MOST_PART = 250 * 1024**2
MOST_UNPACKED = 600 * 1024**2
MOST_RATIO = 400
MOST_PARTS = 2000
MOST_COLUMNS = 600
MOST_CELLS = 30_000_000
LONGEST_CELL = 32_767
MEMORY = 4 * 1024**3
SECONDS = 120
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ERROR_CELL = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
CELL_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')


def unpack_workbook(path: Path, folder: Path) -> list[tuple[str, Path]]:
    """Every sheet of a workbook as (name, CSV file in ``folder``); raises ``Faults``."""
    _check_archive(path)
    command = [sys.executable, "-m", "manyi.tables.workbook", str(path), str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, no shell
            command, capture_output=True, timeout=SECONDS, check=False, preexec_fn=_limit_child
        )
    except subprocess.TimeoutExpired:
        raise Faults([fault("too_big", path.name, got=f"> {SECONDS} s")]) from None
    if done.returncode < 0:
        # ended by the system: more memory or time than it may have
        raise Faults([fault("too_big", path.name, got="memory")])
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        code, _, got = said[-1].partition(":") if said else ("", "", "")
        known = code if code in ("too_big", "not_readable") else "not_readable"
        raise Faults([fault(known, path.name, got=got.strip() if known == code else path.name)])
    return [(name, folder / file) for name, file in json.loads(done.stdout)]


def _limit_child() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _check_archive(path: Path) -> None:
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        raise Faults([fault("old_excel", path.name)])
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Faults([fault("too_big", path.name, got=f"{size // 1024**2} MB")])
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except (BadZipFile, OSError, ValueError):
        raise Faults([fault("not_readable", path.name, got=path.name)]) from None
    unpacked = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    bomb = unpacked > 20 * 1024**2 and unpacked > MOST_RATIO * size
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or largest > MOST_PART or bomb:
        raise Faults([fault("too_big", path.name, got=f"{len(parts)} parts, {unpacked // 1024**2} MB unpacked")])
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Faults([fault("not_readable", path.name, got=path.name)])


def _main(path: str, folder: str) -> int:
    written = []
    book = CalamineWorkbook.from_path(path)
    errors = _error_cells(path)
    for number, name in enumerate(book.sheet_names):
        sheet = book.get_sheet_by_name(name)
        if sheet.width > MOST_COLUMNS or sheet.width * sheet.height > MOST_CELLS:
            print(f"too_big:{name}: {sheet.height} × {sheet.width}", file=sys.stderr)
            return 1
        file = f"{number}.csv"
        if not _write(sheet.iter_rows(), errors.get(name, {}), Path(folder) / file):
            print(f"too_big:{name}: > {LONGEST_CELL} characters in a cell", file=sys.stderr)
            return 1
        written.append([name, file])
    print(json.dumps(written))
    return 0


def _write(rows: Iterable[Sequence[object]], errors: Mapping[tuple[int, int], str], file: Path) -> bool:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        seen_head = False
        for number, row in enumerate(rows, start=1):
            cells = [_text(cell) or errors.get((number, n), "") for n, cell in enumerate(row, start=1)]
            if any(len(cell) > LONGEST_CELL for cell in cells):
                return False
            if any(cells):
                writer.writerow([number if seen_head else "_row", *cells])
                seen_head = True
    return True


def _error_cells(path: str) -> dict[str, dict[tuple[int, int], str]]:
    """Cells whose formula failed, by sheet: the reader gives them as blank, and a blank answer would count."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with ZipFile(path) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return found
        links = {
            rel.get("Id", ""): rel.get("Target", "") for rel in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        for sheet in fromstring(archive.read("xl/workbook.xml")).iter(MAIN + "sheet"):
            target = links.get(sheet.get(LINK) or "", "").removeprefix("/").removeprefix("xl/")
            if f"xl/{target}" in names:
                data = archive.read(f"xl/{target}")
                found[sheet.get("name", "")] = dict(_errors_in(data)) if b't="e"' in data else {}
    return found


def _errors_in(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for cell in ERROR_CELL.finditer(data):
        place = CELL_PLACE.search(cell[1])
        if place:
            column = 0
            for letter in place[1].decode():
                column = column * 26 + ord(letter) - 64
            yield (int(place[2]), column), cell[2].decode("utf-8", "replace")


def _text(cell: object) -> str:
    match cell:
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat()
    return str(cell).replace("\x00", "").strip()


if __name__ == "__main__":
    try:
        sys.exit(_main(*sys.argv[1:]))
    except MemoryError:
        print("too_big:memory", file=sys.stderr)
    except Exception as error:
        print(f"not_readable:{error}", file=sys.stderr)
    sys.exit(1)
