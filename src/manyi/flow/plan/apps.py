"""The Django app of stage ``plan``."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Stage ``plan``."""

    name = "manyi.flow.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"
