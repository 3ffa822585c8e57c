"""The Django app of stage ``scores``."""

from django.apps import AppConfig


class ScoresConfig(AppConfig):
    """Stage ``scores``."""

    name = "manyi.flow.scores"
    label = "scores"
    default_auto_field = "django.db.models.BigAutoField"
