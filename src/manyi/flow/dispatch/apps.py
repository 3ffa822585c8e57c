"""The Django app of stage ``dispatch``."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Stage ``dispatch``."""

    name = "manyi.flow.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
