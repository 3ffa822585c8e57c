"""What is due now, done once: sealing, mails, intakes, reports, duties, warnings. Safe to run twice and to kill."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from manyi.base.customers import intake as register_intake
from manyi.base.evidence.operations import seal_events
from manyi.base.files.models import Intake
from manyi.base.files.operations import sweep_orphans
from manyi.base.files.queries import list_waiting_intakes
from manyi.base.notices.operations import say_due_posts, send_digests
from manyi.base.outbox.operations import send_due_mails
from manyi.flow.duties.operations import apply_events, give_warnings, open_ahead
from manyi.flow.findings.operations import evaluate_measures
from manyi.flow.plan.operations import carry_waves
from manyi.flow.procedure.operations import renew_rights
from manyi.flow.records.operations import carry_records
from manyi.flow.reports import making
from manyi.flow.responses import intake as sheet_intake
from manyi.flow.scores import drawing
from manyi.jobs.maildrop import take_in_mails

LOG = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
INTAKES: dict[str, Callable[..., bool]] = {
    register_intake.PURPOSE: register_intake.advance,
    sheet_intake.PURPOSE: sheet_intake.advance,
}


def run_due(*, at: datetime) -> dict[str, int]:
    """Do everything that is due at ``at``; how many of each kind. A kind that fails does not keep the others back."""
    done: dict[str, int] = {}
    for name, job in JOBS.items():
        try:
            done[name] = job(at)
        except Exception:  # the clock goes on; what failed is due again at the next round
            LOG.exception("the job %s failed", name)
            done[name] = 0
    return done


def _seal(_at: datetime) -> int:
    return seal_events()


def _digests(at: datetime) -> int:
    return send_digests(at=at)


def _robots(at: datetime) -> int:
    return say_due_posts(at=at)


def _mails(at: datetime) -> int:
    return send_due_mails(at=at) if settings.MANYI_SENDS_MAIL else 0


def _intakes(at: datetime) -> int:
    """One batch of every waiting intake, so that a long one does not hold up a short one."""
    batches = 0
    for intake in list_waiting_intakes(at):
        if Intake.objects.filter(pk=intake.pk, lease_until=intake.lease_until).update(lease_until=at + LEASE):
            INTAKES[intake.purpose](intake, at=at)
            Intake.objects.filter(pk=intake.pk).update(lease_until=None)
            batches += 1
    return batches


def _letters(at: datetime) -> int:
    """Mails that lie in the drop folders become cases."""
    return take_in_mails(at=at, folder=settings.MANYI_MAIL_IN)


def _reports(at: datetime) -> int:
    return making.make_due_reports(at=at)


def _pictures(at: datetime) -> int:
    return drawing.draw_due_results(at=at)


def _rights(at: datetime) -> int:
    return renew_rights(at=at) if at.minute == 0 and at.second < 2 else 0


def _waves(at: datetime) -> int:
    return carry_waves(at=at)


def _owed(at: datetime) -> int:
    """What happened and what comes round, opened and discharged; in this order, so that proofs find their duties."""
    return open_ahead(at=at) + apply_events(at=at)


def _measures(at: datetime) -> int:
    """Every minute: a figure follows the records, and counting them all is not for every second."""
    return evaluate_measures(at=at) if at.second < 2 else 0


def _warnings(at: datetime) -> int:
    return give_warnings(at=at)


def _records(at: datetime) -> int:
    return carry_records(at=at)


def _orphans(at: datetime) -> int:
    return sweep_orphans(at=at) if at.minute == 0 and at.second < 2 else 0


JOBS: dict[str, Callable[[datetime], int]] = {
    "sealed": _seal,
    "intakes": _intakes,
    "letters": _letters,
    "reports": _reports,
    "pictures": _pictures,
    "waves": _waves,
    "records": _records,
    "measures": _measures,
    "owed": _owed,
    "warnings": _warnings,
    "digests": _digests,
    "mails": _mails,
    "robots": _robots,
    "rights": _rights,
    "orphans": _orphans,
}
