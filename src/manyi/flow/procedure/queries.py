"""Reading procedures: documents, revisions, and what a revision says as typed rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet

from manyi.base.people.access import visible_units
from manyi.base.people.models import Person, Unit
from manyi.core.forms import Questionnaire
from manyi.core.waves import WaveRules
from manyi.flow.procedure.models import Document, Revision
from manyi.language.comparing import Change, compare
from manyi.language.lint import LintFinding, lint
from manyi.language.load import read_procedure
from manyi.language.model import Procedure
from manyi.language.waves import wave_rules

IN_USE = (Revision.State.IN_FORCE, Revision.State.SUPERSEDED)
"""A revision that is, was or will be in force: whoever works under it reads it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands on a day: what holds, what will, and what waits for a decision."""

    document: Document
    in_force: Revision | None
    coming: Revision | None
    waiting: tuple[Revision, ...]
    """Drafts and approved revisions, newest first."""


def list_documents() -> list[Document]:
    """Every procedure with its revisions; for the clock, which works for all."""
    return list(Document.objects.select_related("unit").prefetch_related("revisions"))


def find_document(key: str) -> Document | None:
    """The procedure on record under a key."""
    return Document.objects.select_related("unit").prefetch_related("revisions").filter(key=key).first()


def list_visible_documents(by: Person) -> QuerySet[Document]:
    """The procedures of the person's units and below, and those of the units above, which hold for them as well."""
    above = {start for path in visible_units(by).values_list("path", flat=True) for start in _starts(path)}
    documents = Document.objects.filter(unit__path__in=above)
    return documents.select_related("unit").prefetch_related("revisions")


def list_standings(by: Person, on: date) -> list[Standing]:
    """Every visible procedure with what holds on a day; drafts only of the person's own units and below."""
    own = set(visible_units(by).values_list("pk", flat=True))
    standings = [_standing(document, on, drafts=document.unit_id in own) for document in list_visible_documents(by)]
    return [s for s in standings if s.in_force or s.coming or s.waiting]


def get_visible_revision(by: Person, pk: int) -> Revision:
    """One revision, or ``Revision.DoesNotExist``; of units above, only what is or was in force."""
    return _seen(by).get(pk=pk)


def _seen(by: Person) -> QuerySet[Revision]:
    seen = Q(document__unit__in=visible_units(by)) | Q(state__in=IN_USE, document__in=list_visible_documents(by))
    revisions = Revision.objects.select_related("document__unit", "drafted_by", "reviewed_by", "approved_by")
    return revisions.filter(seen).distinct()


def find_revision_in_force(document: Document, on: date) -> Revision | None:
    """The revision in force on a day: the latest whose date had come; of two of one date the later."""
    used = [
        r
        for r in document.revisions.all()
        if r.in_force_from is not None and r.in_force_from <= on and r.state in IN_USE
    ]
    return max(used, key=lambda r: (r.in_force_from, r.state == Revision.State.IN_FORCE), default=None)


def list_revisions_over(unit: Unit, on: date) -> list[Revision]:
    """What is in force for a unit on a day: of each procedure of the unit and of the units above it."""
    documents = Document.objects.filter(unit__path__in=list(_starts(unit.path)))
    documents = documents.select_related("unit").prefetch_related("revisions")
    found = [find_revision_in_force(document, on) for document in documents]
    return [revision for revision in found if revision is not None]


def find_last_day(revision: Revision) -> date | None:
    """The last day a revision holds: the one before its successor's first; ``None`` while none is set."""
    if revision.in_force_from is None:
        return None
    later = Q(in_force_from__gt=revision.in_force_from) | Q(in_force_from=revision.in_force_from, pk__gt=revision.pk)
    after = revision.document.revisions.filter(later, state__in=IN_USE).order_by("in_force_from", "pk").first()
    return None if after is None or after.in_force_from is None else after.in_force_from - timedelta(days=1)


def list_sheet_forms(revision: Revision) -> list[Questionnaire]:
    """The questionnaires of a revision that can be filled, once each, as its programmes ask them."""
    programmes = read_revision(revision).programmes
    forms = {rule.form: get_wave_rules(revision, key).questionnaire for key, rule in programmes.items()}
    return list(forms.values())


def next_acts(revision: Revision) -> tuple[str, ...]:
    """What has to be done with a revision next on its way into force."""
    match revision.state:
        case Revision.State.DRAFT:
            return ("approve",) if revision.reviewed_by_id else ("review",)
        case Revision.State.APPROVED:
            return ("put_in_force",)
    return ()


def list_comparable(by: Person, revision: Revision) -> list[Revision]:
    """The other revisions of a document a person may read, newest first; withdrawn drafts are left out."""
    revisions = [r for r in _seen(by).filter(document=revision.document) if r.state != Revision.State.WITHDRAWN]
    return [r for r in reversed(revisions) if r.pk != revision.pk]


def find_predecessor(by: Person, revision: Revision) -> Revision | None:
    """What a revision is compared with where nobody says: the one it was made after."""
    return next((r for r in list_comparable(by, revision) if r.pk < revision.pk), None)


def list_changes(before: Revision, after: Revision) -> tuple[Change, ...]:
    """What differs between two revisions, rule by rule."""
    return compare(read_revision(before), read_revision(after))


def list_findings_of_text(text: str) -> tuple[LintFinding, ...]:
    """What the check finds in a text that is not on record yet; raises ``Faults`` where it cannot be read."""
    return lint(read_procedure(text, "procedure"))


def find_sheet_form(revision: Revision, key: str) -> Questionnaire | None:
    """One questionnaire of a revision."""
    return next((form for form in list_sheet_forms(revision) if form.key == key), None)


def list_findings(revision: Revision) -> tuple[LintFinding, ...]:
    """What the check of the procedure finds in a revision."""
    return _lint(revision.text)


def _standing(document: Document, on: date, *, drafts: bool) -> Standing:
    revisions = list(document.revisions.all())
    coming = next((r for r in revisions if r.state == Revision.State.IN_FORCE and (r.in_force_from or on) > on), None)
    waiting = [r for r in reversed(revisions) if r.state in (Revision.State.DRAFT, Revision.State.APPROVED)]
    return Standing(document, find_revision_in_force(document, on), coming, tuple(waiting) if drafts else ())


def _starts(path: str) -> Iterator[str]:
    """The path of a unit and of all units above it."""
    parts = path.strip("/").split("/")
    for end in range(1, len(parts) + 1):
        yield f"/{'/'.join(parts[:end])}/"


def read_revision(revision: Revision) -> Procedure:
    """The typed rules of a revision; its text passed the loader when it was imported."""
    return _read(revision.text)


def get_wave_rules(revision: Revision, programme: str) -> WaveRules:
    """What a revision says of one programme."""
    return _wave_rules(revision.text, programme)


@lru_cache(maxsize=32)
def _read(text: str) -> Procedure:
    return read_procedure(text, "procedure")


@lru_cache(maxsize=64)
def _wave_rules(text: str, programme: str) -> WaveRules:
    return wave_rules(_read(text), programme)


@lru_cache(maxsize=16)
def _lint(text: str) -> tuple[LintFinding, ...]:
    return lint(_read(text))
