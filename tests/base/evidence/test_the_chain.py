"""The evidence cannot be changed unseen: the tables refuse it, and whoever gets past them breaks the chain."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from tests.conftest import AT

from manyi.base.evidence.models import Event, Link, Value
from manyi.base.evidence.operations import erase_values, record_event, seal_events, simulation
from manyi.base.evidence.queries import verify_chain

TABLES = ("evidence_event", "evidence_link")


def happen(n: int, **more: object) -> Event:
    return record_event(kind="plan.wave.opened", subject=f"plan.wave:{n}", unit=None, by=None, at=AT, **more)


@pytest.fixture
def chain(db):
    """Ten sealed events: links 1 to 10."""
    Link.objects.count()
    for n in range(10):
        happen(n, facts={"n": n}, period="2026")
    seal_events()


@pytest.fixture
def triggers_lifted(chain):
    """An attacker with the database's own password: the triggers are gone."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            else:
                cursor.execute(f"DROP TRIGGER {table}_no_update")
                cursor.execute(f"DROP TRIGGER {table}_no_delete")


def run(sql: str, *args: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_raw_sql_is_refused(chain, table, sql):
    column = "kind" if table == "evidence_event" else "hash"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sql.format(table, column, "'x'"))
    assert verify_chain(AT).good


@pytest.mark.parametrize("model", [Event, Link])
def test_the_orm_is_refused(chain, model):
    column = "kind" if model is Event else "hash"
    row = model.objects.first()
    setattr(row, column, "x")
    for change in (
        row.save,
        lambda: model.objects.update(**{column: "x"}),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert verify_chain(AT).good


def test_a_chain_that_was_left_alone_verifies(chain):
    verdict = verify_chain(AT)
    assert (verdict.good, verdict.sealed, verdict.unsealed) == (True, 10, 0)


def test_sealing_again_seals_nothing(chain):
    assert seal_events() == 0
    assert Link.objects.count() == 10


EDITS = {
    "kind": "'plan.wave.closed'", "subject": "'plan.wave:99'", "unit": "7", "actor": "'people.person:9'",
    "at": "'2026-12-01 02:00:01+00:00'", "happened_at": "'2026-11-30 02:00:00+00:00'", "period": "'2027'",
    "procedure": "'P99'", "facts": "'{\"n\": 99}'", "digest": "'ff'",
}  # fmt: skip


@pytest.mark.parametrize("column", EDITS)
def test_any_column_that_is_edited_breaks_its_link(triggers_lifted, column):
    event = Link.objects.get(seq=4).event_id
    run(f"UPDATE evidence_event SET {column} = {EDITS[column]} WHERE id = %s", event)  # noqa: S608 - both stand above
    assert verify_chain(AT).wrong_at == 4


def test_an_event_that_is_marked_as_simulated_breaks_its_link(triggers_lifted):
    Event.objects.filter(pk=Link.objects.get(seq=4).event_id).update(simulated=True)
    assert verify_chain(AT).wrong_at == 4


def test_a_link_that_is_deleted_is_missed(triggers_lifted):
    Link.objects.filter(seq=6).delete()
    assert verify_chain(AT).wrong_at == 6


def test_an_event_that_is_deleted_with_its_link_is_missed(triggers_lifted):
    event = Link.objects.get(seq=6).event_id
    Link.objects.filter(seq=6).delete()
    Event.objects.filter(pk=event).delete()
    assert verify_chain(AT).wrong_at == 6


def test_an_event_that_is_put_in_between_is_found(triggers_lifted):
    planted = happen(77)
    for link in Link.objects.filter(seq__gte=5).order_by("-seq"):
        run("UPDATE evidence_link SET seq = seq + 1 WHERE seq = %s", link.seq)
    before = Link.objects.get(seq=4)
    Link.objects.create(seq=5, event=planted, prev=before.hash, hash="0" * 64)
    assert verify_chain(AT).wrong_at == 5


def test_two_events_that_are_swapped_are_found(triggers_lifted):
    third, fourth = Link.objects.get(seq=3), Link.objects.get(seq=4)
    spare = happen(78)
    for link, event in ((third, spare.pk), (fourth, third.event_id), (third, fourth.event_id)):
        Link.objects.filter(seq=link.seq).update(event=event)
    assert verify_chain(AT).wrong_at == 3


def test_a_tail_that_is_cut_off_is_shown_by_the_checkpoint(triggers_lifted):
    events = list(Link.objects.filter(seq__gt=7).values_list("event_id", flat=True))
    Link.objects.filter(seq__gt=7).delete()
    Event.objects.filter(pk__in=events).delete()
    assert verify_chain(AT).wrong_at == 8


def test_a_chain_that_is_made_anew_differs_from_its_checkpoint(triggers_lifted):
    Event.objects.filter(pk=Link.objects.get(seq=2).event_id).update(kind="plan.wave.closed")
    Link.objects.all().delete()
    checkpoints = Path(checkpoint_file())
    kept = checkpoints.read_text()
    seal_events()
    checkpoints.write_text(kept)  # the attacker cannot reach the file outside the database
    verdict = verify_chain(AT)
    assert not verdict.good
    assert verdict.wrong_at == 10


def test_a_checkpoint_line_cut_in_the_middle_is_no_fault(chain):
    with Path(checkpoint_file()).open("a") as file:
        file.write('{"seq": 11, "ha')
    assert verify_chain(AT).good


def test_an_event_unsealed_for_a_minute_is_a_fault(chain):
    late = happen(11)
    assert verify_chain(AT + timedelta(seconds=60)).good
    verdict = verify_chain(AT + timedelta(seconds=61))
    assert (verdict.good, verdict.wrong_at, verdict.unsealed) == (False, late.pk, 1)


def test_values_are_erased_and_the_chain_still_verifies(chain):
    event = happen(12, values={"name": "李敏"}, about="people.person:3")
    seal_events()
    assert "李敏" not in json.dumps(event.facts, ensure_ascii=False)
    assert erase_values(about="people.person:3") == 1
    assert not Value.objects.exists()
    assert verify_chain(AT).good


def test_the_same_value_twice_has_two_digests(db):
    first, second = (happen(n, values={"name": "李敏"}) for n in range(2))
    assert first.facts["values"]["name"] != second.facts["values"]["name"]


def test_a_simulation_marks_its_events(db):
    with simulation():
        played = happen(1)
    assert (played.simulated, happen(2).simulated) == (True, False)


def checkpoint_file() -> str:
    from django.conf import settings

    return str(Path(settings.MANYI_CHECKPOINTS) / "chain.jsonl")
