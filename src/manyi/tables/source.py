"""An input of any allowed kind as named tables: a workbook, a folder of files, or one file of sheets."""

from __future__ import annotations

import codecs
import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from manyi.core.errors import Faults
from manyi.tables.faults import fault
from manyi.tables.workbook import unpack_workbook

TABLES = {
    "customers": ("customers", "客户"),
    "sales": ("sales", "销售"),
    "dispatch": ("dispatch", "发放台账"),
    "sheets": ("sheets", "调查表"),
    "previous": ("previous", "上次"),
    "targets": ("targets", "目标"),
}
KINDS = (".csv.gz", ".csv", ".parquet")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """One opened table: the name it has in the file, the relation, its heads as written, column ``c0`` … of each."""

    name: str
    relation: str
    heads: tuple[str, ...]


@dataclass
class Source:
    """The opened tables by key (``customers``, ``sheets`` …) and the connection their relations live in."""

    connection: duckdb.DuckDBPyConnection
    tables: dict[str, Table] = field(default_factory=dict)

    def rows(self, table: Table, columns: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and texts by key for every row that is not empty."""
        chosen = ", ".join(f"trim(coalesce(c{index}, ''))" for index in columns.values()) or "''"
        result = self.connection.execute(f"SELECT _row, {chosen} FROM {table.relation} ORDER BY _row")  # noqa: S608 — names made here
        while batch := result.fetchmany(10_000):
            for number, *cells in batch:
                if any(cells):
                    yield number, dict(zip(columns, cells, strict=True))


@contextmanager
def open_source(path: Path, threads: int | None = None) -> Iterator[Source]:
    """Open an input; raises ``Faults``. Relations live as long as the context."""
    if not path.exists():
        raise Faults([fault("no_input", str(path), got=path)])
    with TemporaryDirectory(prefix="manyi-") as folder, duckdb.connect(":memory:") as connection:
        connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
        if threads:
            connection.execute(f"SET threads={int(threads)}")
        source = Source(connection)
        for name, file, numbered in _files(path, Path(folder)):
            key = _key_of(name)
            if key and key not in source.tables:
                source.tables[key] = _open(connection, key, name, file, numbered, Path(folder))
        if "sheets" not in source.tables:
            raise Faults([fault("no_sheets", path.name)])
        yield source


def _key_of(name: str) -> str | None:
    return next((key for key, names in TABLES.items() if name.strip().lower() in names), None)


def _files(path: Path, folder: Path) -> Iterator[tuple[str, Path, bool]]:
    """(table name, file, whether it carries its own row numbers)."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            kind = _kind(file)
            if kind:
                yield file.name.removesuffix(kind), file, False
    elif path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        for name, file in unpack_workbook(path, folder):
            yield name, file, True
    elif _kind(path):
        yield "sheets", path, False
    else:
        raise Faults([fault("not_readable", path.name, got=path.name)])


def _kind(file: Path) -> str:
    return next((kind for kind in KINDS if file.name.lower().endswith(kind)), "")


def _open(
    connection: duckdb.DuckDBPyConnection, key: str, name: str, file: Path, numbered: bool, folder: Path
) -> Table:
    relation = f"raw_{key}"
    try:
        if file.name.lower().endswith(".parquet"):
            heads = _open_parquet(connection, relation, file)
        else:
            heads = _open_csv(connection, relation, name, _as_utf8(file, name, folder), numbered)
    except duckdb.Error as error:
        raise Faults([fault("broken_row", name, got=str(error).splitlines()[0])]) from None
    return Table(name, relation, heads)


def _open_parquet(connection: duckdb.DuckDBPyConnection, relation: str, file: Path) -> tuple[str, ...]:
    source = connection.from_parquet(str(file), file_row_number=True)
    heads = tuple(c for c in source.columns if c != "file_row_number")
    columns = ", ".join(f'CAST("{h.replace(chr(34), chr(34) * 2)}" AS VARCHAR) AS c{n}' for n, h in enumerate(heads))
    source.create_view("scan_" + relation)
    connection.execute(f"CREATE VIEW {relation} AS SELECT file_row_number + 2 AS _row, {columns} FROM scan_{relation}")  # noqa: S608
    return heads


def _open_csv(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, file: Path, numbered: bool
) -> tuple[str, ...]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        first = text.readline(CHUNK)
        delimiter = max(",;\t", key=first.count)
        heads = next(csv.reader([first], delimiter=delimiter), [])
    if not heads:
        raise Faults([fault("empty_table", name)])
    columns = {f"c{n}": "VARCHAR" for n in range(len(heads))}
    if numbered:
        columns = {"_row": "BIGINT"} | {f"c{n}": "VARCHAR" for n in range(len(heads) - 1)}
    connection.execute(
        f"CREATE TABLE {relation} AS SELECT {'*' if numbered else 'row_number() OVER () + 1 AS _row, *'} "  # noqa: S608
        "FROM read_csv(?, header=true, delim=?, quote='\"', escape='\"', null_padding=true, auto_detect=false, "
        "columns=?, nullstr='')",
        [str(file), delimiter, columns],
    )
    return tuple(head.strip() for head in (heads[1:] if numbered else heads))


def _as_utf8(file: Path, name: str, folder: Path) -> Path:
    """The file itself where it is plain UTF-8, else a copy in UTF-8; strict in both encodings."""
    zipped = file.name.lower().endswith(".gz")
    if _decodes(file, zipped, "utf-8"):
        if not zipped:
            return file
        encoding = "utf-8"
    elif _decodes(file, zipped, "gb18030"):
        encoding = "gb18030"
    else:
        raise Faults([fault("encoding", name)])
    copy = folder / f"utf8-{len(list(folder.iterdir()))}.csv"
    decoder = codecs.getincrementaldecoder(encoding)()
    with _bytes(file, zipped) as data, copy.open("w", encoding="utf-8", newline="") as out:
        while chunk := data.read(CHUNK):
            out.write(decoder.decode(chunk))
    return copy


def _decodes(file: Path, zipped: bool, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _bytes(file, zipped) as data:
            while chunk := data.read(CHUNK):
                if "\x00" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
    except (UnicodeDecodeError, OSError, EOFError):
        return False
    return True


def _bytes(file: Path, zipped: bool) -> gzip.GzipFile:
    return gzip.open(file, "rb") if zipped else file.open("rb")  # type: ignore[return-value]
