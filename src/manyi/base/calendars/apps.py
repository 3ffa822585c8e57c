"""The Django app of room ``calendars``."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Room ``calendars``."""

    name = "manyi.base.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
