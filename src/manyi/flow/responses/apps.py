"""The Django app of stage ``responses``."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Stage ``responses``."""

    name = "manyi.flow.responses"
    label = "responses"
    default_auto_field = "django.db.models.BigAutoField"
