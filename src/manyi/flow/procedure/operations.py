"""Importing, approving and putting procedures in force."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.operations import set_grants
from manyi.core.text import Text
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import read_revision
from manyi.language.lint import lint
from manyi.language.load import read_procedure
from manyi.language.rights import rights_of


class CannotImport(CannotDo):
    """The text is the same as that of a revision on record."""


class CannotApprove(CannotDo):
    """The revision still has open errors, or is no draft."""


class CannotPutInForce(CannotDo):
    """The revision is not approved, or the date lies before its approval."""


def import_procedure(*, by: Person, at: datetime, text: str, unit: Unit, reason: str = "") -> Revision:
    """A procedure file becomes a draft revision. Raises ``Faults`` for a file that cannot be read."""
    require(by, "procedure.import", unit)
    procedure = read_procedure(text, "procedure")
    head = procedure.procedure
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        with transaction.atomic():
            document, _ = Document.objects.update_or_create(
                key=head.key,
                defaults={
                    "code": head.code, "title_zh": head.title.in_("zh"), "title_en": head.title.in_("en"), "unit": unit,
                },
            )  # fmt: skip
            revision = Revision.objects.create(
                document=document, label=str(head.revision), text=text, digest=digest, reason=reason, drafted_by=by,
                drafted_at=at,
            )  # fmt: skip
            _record("procedure.revision.imported", revision, by, at)
    except IntegrityError:
        raise CannotImport(Text("这份文件已是在册版本,内容相同", "This very text is on record as a revision")) from None
    return revision


def approve_revision(*, by: Person, at: datetime, revision: Revision) -> Revision:
    """Approve a draft without open errors; the drafter does not approve."""
    require(by, "procedure.approve", revision.document.unit)
    if revision.state != Revision.State.DRAFT:
        raise CannotApprove(Text("只有草稿可以批准", "Only a draft can be approved"))
    if revision.drafted_by_id == by.pk:
        raise CannotApprove(Text("起草人不能批准自己的文件", "Who drafted a revision does not approve it"))
    if any(f.severity == "error" and f.state == "open" for f in lint(read_revision(revision))):
        raise CannotApprove(Text("程序检查仍有未解决的错误", "The check of the procedure still finds open errors"))
    with transaction.atomic():
        revision.state, revision.approved_by, revision.approved_at = Revision.State.APPROVED, by, at
        revision.save(update_fields=("state", "approved_by", "approved_at"))
        _record("procedure.revision.approved", revision, by, at)
    return revision


def put_in_force(*, by: Person, at: datetime, revision: Revision, from_date: date) -> Revision:
    """Put an approved revision in force from a day not before its approval; it replaces the one before."""
    require(by, "procedure.put_in_force", revision.document.unit)
    if revision.state != Revision.State.APPROVED or revision.approved_at is None:
        raise CannotPutInForce(Text("先批准,再生效", "A revision has to be approved first"))
    if from_date < timezone.localdate(revision.approved_at):
        raise CannotPutInForce(
            Text("生效日期不能早于批准日期", "A revision cannot be in force before the day it was approved")
        )
    with transaction.atomic():
        revision.document.revisions.filter(state=Revision.State.IN_FORCE).update(state=Revision.State.SUPERSEDED)
        revision.state, revision.in_force_from = Revision.State.IN_FORCE, from_date
        revision.save(update_fields=("state", "in_force_from"))
        set_grants(source=revision.document.key, grants=rights_of(read_revision(revision)))
        _record("procedure.revision.put_in_force", revision, by, at)
    return revision


def _record(kind: str, revision: Revision, by: Person, at: datetime) -> None:
    record_event(
        kind=kind, subject=f"procedure.revision:{revision.pk}", unit=revision.document.unit, by=by, at=at,
        procedure=str(revision), facts={"digest": revision.digest},
    )  # fmt: skip
