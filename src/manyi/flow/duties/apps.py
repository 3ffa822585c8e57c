"""The Django app of stage ``duties``."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Stage ``duties``."""

    name = "manyi.flow.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"
