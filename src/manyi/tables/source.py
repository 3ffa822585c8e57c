"""An input of any allowed kind as named tables: a workbook, a folder of files, or one file of sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

import duckdb

from manyi.core.errors import Fault, Faults
from manyi.tables.faults import fault
from manyi.tables.texts import as_utf8, number_rows, read_head
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


class ReadCarefully(Exception):
    """What is in a CSV file has to be read row by row to be told rightly."""


@dataclass(frozen=True, slots=True)
class Table:
    """One opened table: the name it has in the file, the relation, its heads as written, column ``c0`` … of each."""

    name: str
    relation: str
    heads: tuple[str, ...]
    is_text: bool = True


@dataclass
class Source:
    """The opened tables by key (``customers``, ``sheets`` …) and the connection their relations live in.

    A source is ``rough`` when the engine reads a CSV file of it: then ``_row`` may miss blank rows. Otherwise ``_row``
    is the row a spreadsheet shows, and ``faults`` names the rows that no reader can take.
    """

    connection: duckdb.DuckDBPyConnection
    folder: Path
    careful: bool
    rough: bool = False
    tables: dict[str, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def rows(self, table: Table, columns: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and texts by key for every row that is not empty."""
        chosen = ", ".join(f"trim(coalesce(c{index}, ''))" for index in columns.values()) or "''"
        result = self.connection.execute(f"SELECT _row, {chosen} FROM {table.relation} ORDER BY _row")  # noqa: S608 — names made here
        while batch := result.fetchmany(10_000):
            for number, *cells in batch:
                if any(cells):
                    yield number, dict(zip(columns, cells, strict=True))


@contextmanager
def open_source(path: Path, threads: int | None = None, careful: bool = True, main: str = "sheets") -> Iterator[Source]:
    """Open an input; raises ``Faults``. Relations live as long as the context. A file that stands alone is ``main``.

    With ``careful=False`` CSV files are left to the engine: faster, but it gives up on line breaks inside cells and
    loses count of blank rows.
    """
    if not path.exists():
        raise Faults([fault("no_input", path.name, got=path)])
    with TemporaryDirectory(prefix="manyi-") as folder, duckdb.connect(":memory:") as connection:
        connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
        connection.execute("SET enable_progress_bar=false")
        if threads:
            connection.execute(f"SET threads={int(threads)}")
        source = Source(connection, Path(folder), careful)
        for name, file, numbered in _files(path, Path(folder), main):
            key = _key_of(name)
            if key in source.tables:
                raise Faults([fault("duplicate_table", name, got=name)])
            if key:
                source.tables[key] = _open(source, key, name, file, numbered)
        if main == "sheets" and main not in source.tables:
            raise Faults([fault("no_sheets", path.name)])
        yield source


def _key_of(name: str) -> str | None:
    word = normalize("NFKC", name).strip().lower()
    return next((key for key, names in TABLES.items() if word in names), None)


def _files(path: Path, folder: Path, main: str) -> Iterator[tuple[str, Path, bool]]:
    """(table name, file, whether it carries its own row numbers)."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            kind = _kind(file)
            if kind and file.is_file():
                yield file.name[: -len(kind)], file, False
    elif path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        for name, file in unpack_workbook(path, folder):
            yield name, file, True
    elif _kind(path):
        yield main, path, False
    else:
        raise Faults([fault("not_readable", path.name, got=path.name)])


def _kind(file: Path) -> str:
    return next((kind for kind in KINDS if file.name.lower().endswith(kind)), "")


def _open(source: Source, key: str, name: str, file: Path, numbered: bool) -> Table:
    relation = f"raw_{key}"
    try:
        if file.name.lower().endswith(".parquet"):
            return Table(name, relation, _open_parquet(source, relation, file), is_text=False)
        text = as_utf8(file, name, source.folder / f"{key}.utf8.csv")
        if source.careful and not numbered:
            text, plain, numbered = source.folder / f"{key}.rows.csv", text, True
            number_rows(plain, name, text, source.faults)
        source.rough |= not numbered
        return Table(name, relation, _open_csv(source, relation, name, text, numbered))
    except duckdb.Error:
        raise Faults([fault("not_readable", name, got=file.name)]) from None


def _open_parquet(source: Source, relation: str, file: Path) -> tuple[str, ...]:
    scan = source.connection.from_parquet(_plain_path(source, relation, file), file_row_number=True)
    named = [(c, str(t)) for c, t in zip(scan.columns, scan.types, strict=True) if c != "file_row_number"]
    columns = "".join(f", {_as_text(head, kind)} AS c{n}" for n, (head, kind) in enumerate(named))
    scan.create_view("scan_" + relation)
    source.connection.execute(
        f"CREATE VIEW {relation} AS SELECT file_row_number + 2 AS _row{columns} FROM scan_{relation}"  # noqa: S608
    )
    return tuple(head.strip() for head, _ in named)


def _as_text(head: str, kind: str) -> str:
    quoted = '"' + head.replace('"', '""') + '"'
    # whole numbers with a gap among them are stored as 7.0 by most writers
    return f"regexp_replace(CAST({quoted} AS VARCHAR), '\\.0$', '')" if kind in ("DOUBLE", "FLOAT") else (
        f"CAST({quoted} AS VARCHAR)"
    )  # fmt: skip


def _open_csv(source: Source, relation: str, name: str, file: Path, numbered: bool) -> tuple[str, ...]:
    heads, delimiter = read_head(file, name)
    columns = {f"c{n}": "VARCHAR" for n in range(len(heads))}
    if numbered:
        columns = {"_row": "BIGINT"} | {f"c{n}": "VARCHAR" for n in range(len(heads) - 1)}
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    # the engine drops the row number where nobody asks for it
    source.connection.execute(
        f"CREATE VIEW {relation} AS SELECT {'*' if numbered else 'row_number() OVER () + 1 AS _row, *'} "  # noqa: S608
        f"FROM read_csv('{_plain_path(source, relation, file)}', header=true, delim='{delimiter}', quote='\"', "
        f"escape='\"', null_padding={not numbered}, auto_detect=false, columns={{{listed}}}, nullstr='')"
    )
    return heads[1:] if numbered else heads


def _plain_path(source: Source, relation: str, file: Path) -> str:
    """A path without the characters the engine takes for patterns or quotes."""
    link = source.folder / f"{relation}{file.suffix.lower()}"
    link.symlink_to(file.resolve())
    return str(link)
