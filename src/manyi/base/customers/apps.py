"""The Django app of ``customers``."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """``base/customers``."""

    name = "manyi.base.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
