"""Every test here runs the command in this process; the shipped rules, which never change, are read once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from manyi.commands import score


@pytest.fixture(autouse=True, scope="session")
def _rules_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "read_rules", cache(score.read_rules))
        yield
