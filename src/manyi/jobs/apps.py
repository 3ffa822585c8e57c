"""The Django app of the jobs; it holds the operator's commands."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """``jobs``."""

    name = "manyi.jobs"
    label = "jobs"
