"""From the command line to Django's management commands."""

from __future__ import annotations

import os
from collections.abc import Sequence

from django.core.management import ManagementUtility


def run_command(name: str, arguments: Sequence[str]) -> int:
    """Run the management command ``name``; its own errors become the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manyi.settings")
    try:
        ManagementUtility(["manyi", name, *arguments]).execute()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0
