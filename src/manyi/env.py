"""The environment a process was started with; read here and in ``settings`` only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import environ

ENV = environ.Env()


def data_directory() -> Path:
    """Where all state lies: database, files, keys, checkpoints (``MANYI_DATA``, else ``data`` where one stands)."""
    path = Path(os.environ.get("MANYI_DATA") or "data").absolute()
    path.mkdir(parents=True, exist_ok=True, mode=0o750)
    return path


def secret_key(folder: Path) -> str:
    """The installation's key: from ``MANYI_SECRET_KEY``, else made once and kept in the data directory."""
    given = str(ENV("MANYI_SECRET_KEY", default=""))
    if given:
        return given
    file = folder / "keys" / "secret"
    if not file.exists():
        file.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = file.with_name(f"secret.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(fresh, file)  # two processes that start together agree on one key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="ascii").strip()
