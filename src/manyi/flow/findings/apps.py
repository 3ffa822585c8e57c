"""The Django app of stage ``findings``."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """Stage ``findings``."""

    name = "manyi.flow.findings"
    label = "findings"
    default_auto_field = "django.db.models.BigAutoField"
