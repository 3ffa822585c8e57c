"""Reading procedures: documents, revisions, and what a revision says as typed rules."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.core.waves import WaveRules
from manyi.flow.procedure.models import Document, Revision
from manyi.language.load import read_procedure
from manyi.language.model import Procedure
from manyi.language.waves import wave_rules


def list_visible_documents(by: Person) -> QuerySet[Document]:
    """The procedures of the person's units and below, with their revisions."""
    return visible_to(by, Document.objects.select_related("unit").prefetch_related("revisions"))


def get_visible_revision(by: Person, pk: int) -> Revision:
    """One revision, or ``Revision.DoesNotExist``."""
    documents = list_visible_documents(by)
    return Revision.objects.select_related("document__unit").get(pk=pk, document__in=documents)


def find_revision_in_force(document: Document, on: date) -> Revision | None:
    """The revision in force on a day: the latest whose date had come."""
    approved = (Revision.State.IN_FORCE, Revision.State.SUPERSEDED)
    return document.revisions.filter(state__in=approved, in_force_from__lte=on).order_by("-in_force_from").first()


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
