"""The shell alone: a small URLconf and its templates stand for the stages."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def sample_product(settings) -> None:
    """``tests.web.sample_urls`` in the place of the stages' pages; the tests of the shell ask for it."""
    settings.ROOT_URLCONF = "tests.web.sample_urls"
    engine = dict(settings.TEMPLATES[0])
    settings.TEMPLATES = [{**engine, "DIRS": [Path(__file__).parent / "templates"]}]
