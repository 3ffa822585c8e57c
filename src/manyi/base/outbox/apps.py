"""The Django app of ``outbox``."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """``base/outbox``."""

    name = "manyi.base.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
