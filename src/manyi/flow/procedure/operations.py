"""Importing, approving and putting procedures in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.operations import set_grants
from manyi.core.text import Text
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import find_revision_in_force, read_revision
from manyi.language.lint.run import open_errors
from manyi.language.load import read_procedure
from manyi.language.rights import rights_of


class CannotImport(CannotDo):
    """The text, or the name of the revision, is that of a revision on record."""


class CannotReview(CannotDo):
    """The revision is no draft, or the reader drafted it."""


class CannotApprove(CannotDo):
    """The revision still has open errors, or is no draft."""


class CannotPutInForce(CannotDo):
    """The revision is not approved, or the date lies before its approval."""


def import_procedure(
    *, by: Person, at: datetime, text: str | bytes, unit: Unit, reason: str = "", document: Document | None = None
) -> Revision:
    """A procedure file becomes a draft revision. Raises ``Faults`` for a file that cannot be read.

    A draft of the same name that the same person made before is withdrawn: the new one stands in its place. Where
    ``document`` is given, the text has to be a revision of that one.
    """
    require(by, "procedure.import", unit)
    head = read_procedure(text, "procedure").procedure
    told = text if isinstance(text, str) else text.decode("utf-8-sig")  # the loader has read it: it is UTF-8
    if document is not None and head.key != document.key:
        raise CannotImport(Text(f"procedure.key 应保持为 {document.key}", f"procedure.key has to stay {document.key}"))
    known = Document.objects.select_related("unit").filter(key=head.key).first()
    if known is not None:
        require(by, "procedure.import", known.unit)
    titles = {"code": head.code, "title_zh": head.title.in_("zh"), "title_en": head.title.in_("en")}
    try:
        with transaction.atomic():
            document, _ = Document.objects.get_or_create(key=head.key, defaults={**titles, "unit": unit})
            _make_room(document, str(head.revision), by, at)
            digest = hashlib.sha256(told.encode()).hexdigest()
            revision = Revision.objects.create(
                document=document, label=str(head.revision), text=told, digest=digest, reason=reason, drafted_by=by,
                drafted_at=at,
            )  # fmt: skip
            _record("procedure.revision.imported", revision, by, at)
    except IntegrityError:
        raise CannotImport(
            Text("这份文件已是在册版本，内容相同", "This very text is on record as a revision")
        ) from None
    return revision


def review_revision(*, by: Person, at: datetime, revision: Revision) -> Revision:
    """Sign that a draft was read through; who drafted it does not review it."""
    require(by, "procedure.review", revision.document.unit)
    if revision.drafted_by_id == by.pk:
        raise CannotReview(Text("起草人不能审核自己的文件", "Who drafted a revision does not review it"))
    with transaction.atomic():
        fresh = Revision.objects.select_for_update().get(pk=revision.pk)
        if fresh.state != Revision.State.DRAFT or fresh.reviewed_by_id:
            raise CannotReview(Text("只有未经审核的草稿可以审核", "Only a draft nobody reviewed yet can be reviewed"))
        revision.reviewed_by, revision.reviewed_at = by, at
        revision.save(update_fields=("reviewed_by", "reviewed_at"))
        _record("procedure.revision.reviewed", revision, by, at)
    return revision


def approve_revision(*, by: Person, at: datetime, revision: Revision) -> Revision:
    """Approve a draft without open errors; the drafter does not approve."""
    require(by, "procedure.approve", revision.document.unit)
    if revision.drafted_by_id == by.pk:
        raise CannotApprove(Text("起草人不能批准自己的文件", "Who drafted a revision does not approve it"))
    if errors := open_errors(read_revision(revision)):
        raise CannotApprove(
            Text(
                f"程序检查仍有 {len(errors)} 个未解决的错误，请改正文件后重新导入",
                f"The check still finds {len(errors)} open errors; correct the file and import it again",
            )
        )
    with transaction.atomic():
        fresh = Revision.objects.select_for_update().get(pk=revision.pk)
        if fresh.state != Revision.State.DRAFT:
            raise CannotApprove(Text("只有草稿可以批准", "Only a draft can be approved"))
        if fresh.reviewed_by_id is None:
            raise CannotApprove(Text("先审核，再批准", "A revision has to be reviewed first"))
        revision.state, revision.approved_by, revision.approved_at = Revision.State.APPROVED, by, at
        revision.save(update_fields=("state", "approved_by", "approved_at"))
        _record("procedure.revision.approved", revision, by, at)
    return revision


def put_in_force(*, by: Person, at: datetime, revision: Revision, from_date: date) -> Revision:
    """Put an approved revision in force from a day not before its approval; it replaces the one before.

    The day may lie ahead: until it comes the revision before holds, and the rights of both are given.
    """
    document = revision.document
    require(by, "procedure.put_in_force", document.unit)
    head = read_revision(revision).procedure
    with transaction.atomic():
        fresh = Revision.objects.select_for_update().get(pk=revision.pk)
        before = document.revisions.select_for_update().filter(state=Revision.State.IN_FORCE).first()
        _check_in_force(fresh, before, from_date)
        document.revisions.filter(state=Revision.State.IN_FORCE).update(state=Revision.State.SUPERSEDED)
        revision.state, revision.in_force_from = Revision.State.IN_FORCE, from_date
        revision.save(update_fields=("state", "in_force_from"))
        Document.objects.filter(pk=document.pk).update(
            code=head.code, title_zh=head.title.in_("zh"), title_en=head.title.in_("en")
        )
        _give_rights(document, timezone.localdate(at))
        _record("procedure.revision.put_in_force", revision, by, at, {"from": from_date.isoformat()})
    return revision


def renew_rights(*, at: datetime) -> int:
    """Take back the rights of revisions whose successor's day has come; how many procedures were looked at."""
    documents = list(Document.objects.filter(revisions__state=Revision.State.IN_FORCE))
    for document in documents:
        with transaction.atomic():
            _give_rights(document, timezone.localdate(at))
    return len(documents)


def _make_room(document: Document, label: str, by: Person, at: datetime) -> None:
    """A name is used once: an own draft of that name is withdrawn, any other revision of it refuses the new one."""
    same = document.revisions.exclude(state=Revision.State.WITHDRAWN).filter(label=label)
    if same.exclude(state=Revision.State.DRAFT, drafted_by=by).exists():
        raise CannotImport(
            Text(
                f"版本“{label}”已经在册，请在文件中改写 procedure.revision",
                f"A revision “{label}” is on record; write another one under procedure.revision",
            )
        )
    for draft in same:
        draft.state = Revision.State.WITHDRAWN
        draft.save(update_fields=("state",))
        _record("procedure.revision.withdrawn", draft, by, at)


def _check_in_force(revision: Revision, before: Revision | None, from_date: date) -> None:
    if revision.state != Revision.State.APPROVED or revision.approved_at is None:
        raise CannotPutInForce(Text("先批准，再生效", "A revision has to be approved first"))
    if from_date < timezone.localdate(revision.approved_at):
        raise CannotPutInForce(
            Text("生效日期不能早于批准日期", "A revision cannot be in force before the day it was approved")
        )
    if before is not None and before.in_force_from is not None and from_date < before.in_force_from:
        raise CannotPutInForce(
            Text(
                f"生效日期不能早于被替代版本的生效日期 {before.in_force_from}",
                f"A revision cannot be in force before the one it replaces, which is from {before.in_force_from}",
            )
        )


def _give_rights(document: Document, today: date) -> None:
    """What the revision that holds today and the one that is coming say their roles may do."""
    grants: dict[str, set[str]] = {}
    names: dict[str, Text] = {}
    coming = document.revisions.filter(state=Revision.State.IN_FORCE).first()
    for revision in {r.pk: r for r in (find_revision_in_force(document, today), coming) if r}.values():
        procedure = read_revision(revision)
        names |= {key: procedure.title_of(key, role.title) for key, role in procedure.roles.items()}
        for role, verbs in rights_of(procedure).items():
            grants.setdefault(role, set()).update(verbs)
    set_grants(source=document.key, grants=grants, names=names)


def _record(kind: str, revision: Revision, by: Person, at: datetime, facts: Mapping[str, str] | None = None) -> None:
    record_event(
        kind=kind, subject=f"procedure.revision:{revision.pk}", unit=revision.document.unit, by=by, at=at,
        procedure=str(revision), facts={"digest": revision.digest, **(facts or {})},
    )  # fmt: skip
