"""The Django app of stage ``sample``."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Stage ``sample``."""

    name = "manyi.flow.sample"
    label = "sample"
    default_auto_field = "django.db.models.BigAutoField"
