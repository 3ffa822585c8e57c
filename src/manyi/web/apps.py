"""The Django app of ``web``."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Layout, access, security and static files."""

    name = "manyi.web"
    label = "web"
