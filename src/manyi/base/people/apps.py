"""The Django app of ``people``."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """``base/people``."""

    name = "manyi.base.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
