"""The Django app of stage ``procedure``."""

from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    """Stage ``procedure``."""

    name = "manyi.flow.procedure"
    label = "procedure"
    default_auto_field = "django.db.models.BigAutoField"
