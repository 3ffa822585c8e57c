"""The Django app of stage ``records``."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Stage ``records``."""

    name = "manyi.flow.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
