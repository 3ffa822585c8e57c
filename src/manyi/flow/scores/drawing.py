"""Drawing the pictures of a stored result, once; done by the jobs, never in a request."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import Q

from manyi.base.files.operations import store_file
from manyi.core.text import Lang
from manyi.flow.plan.queries import get_rules
from manyi.flow.scores.insight import reckon_insight
from manyi.flow.scores.models import Chart, Result
from manyi.flow.scores.queries import read_result
from manyi.papers.apart import run_apart
from manyi.papers.insight import as_json
from manyi.papers.pictures import write_pictures

LOG = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
SHOWN = ("products", "dimensions", "items", "priorities", "grades", "coverage")
"""The charts a page shows, in its order: the result first, how it was reached last. Comparisons stand in its tables."""


def draw_due_results(*, at: datetime) -> int:
    """Draw every result that waits for its pictures; how many were drawn."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    waiting = Result.objects.filter(free, drawing=Result.Drawing.WAITING).order_by("-pk")
    return sum(draw_result(at=at, result=result) for result in waiting.select_related("wave__revision", "inputs"))


def draw_result(*, at: datetime, result: Result) -> bool:
    """Draw one result under a lease; whether it was done here. One that cannot be drawn keeps the page's plain bars."""
    lease = at + LEASE
    mine = Result.objects.filter(pk=result.pk, drawing=Result.Drawing.WAITING)
    if not mine.filter(lease_until=result.lease_until).update(lease_until=lease):
        return False
    with TemporaryDirectory() as folder:
        try:
            found, rules = read_result(result), get_rules(result.wave)
            insight = reckon_insight(result)
            for lang in LANGUAGES:
                run_apart(write_pictures, rules, found, Path(folder) / lang, lang, insight, seconds=LEASE.seconds / 4)
        except Exception:  # whatever it was, the figures stand without it
            LOG.exception("result %s could not be drawn", result.pk)
            mine.filter(lease_until=lease).update(drawing=Result.Drawing.FAILED, lease_until=None)
            return False
        with transaction.atomic():
            if not mine.filter(lease_until=lease).update(
                drawing=Result.Drawing.DONE, lease_until=None, insight=as_json(insight)
            ):
                return False
            _keep(result, Path(folder), at)
    return True


def _keep(result: Result, folder: Path, at: datetime) -> None:
    for lang in LANGUAGES:
        for path in (folder / lang / f"{name}.svg" for name in SHOWN):
            if path.exists():
                file = store_file(title=path.name, content=path.read_bytes(), at=at)
                Chart.objects.create(result=result, language=lang, name=path.stem, file=file)
