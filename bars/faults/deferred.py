"""Transactions take their write lock late, as Django does where nothing is said."""

from manyi.settings import *  # noqa: F403
from manyi.settings import DATABASES

DATABASES["default"]["OPTIONS"] = {**DATABASES["default"]["OPTIONS"], "transaction_mode": "DEFERRED", "timeout": 0.05}
DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=50;"
