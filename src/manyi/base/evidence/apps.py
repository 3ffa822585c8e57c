"""The Django app of ``evidence``."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """``base/evidence``."""

    name = "manyi.base.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
