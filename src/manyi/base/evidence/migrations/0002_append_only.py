"""Append-only, held by the database itself: UPDATE and DELETE of events and links are refused on both engines."""

from typing import Any

from django.db import migrations

TABLES = ("evidence_event", "evidence_link")


def refuse_changes(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            if schema_editor.connection.vendor == "sqlite":
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
                )
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'evidence is append-only'; END $$"
        )
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION evidence_is_append_only()"
            )


def allow_changes(_apps: Any, schema_editor: Any) -> None:
    """Drop the triggers (going back to before the tables existed)."""
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        else:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION evidence_is_append_only()")


class Migration(migrations.Migration):
    """Triggers on both engines."""

    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
