"""A commit no longer waits for the disk."""

from manyi.settings import *  # noqa: F403
from manyi.settings import DATABASES

DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"]["OPTIONS"],
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;",
}
