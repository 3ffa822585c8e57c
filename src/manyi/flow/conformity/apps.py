"""The Django app of stage ``conformity``."""

from django.apps import AppConfig


class ConformityConfig(AppConfig):
    """Stage ``conformity``."""

    name = "manyi.flow.conformity"
    label = "conformity"
    default_auto_field = "django.db.models.BigAutoField"
