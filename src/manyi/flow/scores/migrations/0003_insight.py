"""What was told of a result's certainty becomes the first part of its insight."""

from typing import Any

from django.db import migrations, models


def _move(apps: Any, schema_editor: Any) -> None:
    for result in apps.get_model("scores", "Result").objects.exclude(certainty=[]):
        result.insight = {"certainty": result.certainty}
        result.save(update_fields=("insight",))


class Migration(migrations.Migration):
    dependencies = [("scores", "0002_result_certainty")]

    operations = [
        migrations.AddField("result", "insight", models.JSONField(default=dict)),
        migrations.RunPython(_move, migrations.RunPython.noop),
        migrations.RemoveField("result", "certainty"),
    ]
