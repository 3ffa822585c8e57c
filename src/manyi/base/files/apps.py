"""The Django app of ``files``."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """``base/files``."""

    name = "manyi.base.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
