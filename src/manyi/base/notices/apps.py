"""The Django app of ``notices``."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """``base/notices``."""

    name = "manyi.base.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
