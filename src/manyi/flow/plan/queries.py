"""Finding waves, and the rules they began with."""

from __future__ import annotations

from django.db.models import QuerySet

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.core.waves import WaveRules
from manyi.flow.plan.models import Wave
from manyi.flow.procedure.queries import get_wave_rules


def list_visible_waves(by: Person) -> QuerySet[Wave]:
    """The waves of the person's units and below, newest first."""
    return visible_to(by, Wave.objects.select_related("revision__document", "unit"))


def get_visible_wave(by: Person, pk: int) -> Wave:
    """One wave, or ``Wave.DoesNotExist`` for one that is missing or not the person's to see."""
    return list_visible_waves(by).get(pk=pk)


def get_rules(wave: Wave) -> WaveRules:
    """What the revision a wave began with says of it."""
    return get_wave_rules(wave.revision, wave.programme)
