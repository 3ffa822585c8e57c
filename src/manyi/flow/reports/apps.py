"""The Django app of stage ``reports``."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Stage ``reports``."""

    name = "manyi.flow.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
