"""``manyi setup``: the company and its first administrator in an empty installation."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from manyi.base.calendars.operations import fill_calendars
from manyi.base.people.access import CannotDo
from manyi.base.people.operations import found_company


class Command(BaseCommand):
    """Asks for a password, or takes it from ``MANYI_ADMIN_PASSWORD``."""

    help = "name the company and its first administrator"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose installation it is."""
        parser.add_argument("--company", required=True, metavar="NAME")
        parser.add_argument("--admin", required=True, metavar="SIGN_IN_NAME")

    def handle(self, *args: Any, company: str, admin: str, **options: Any) -> None:
        """Run."""
        call_command("migrate", interactive=False, verbosity=0)
        password = os.environ.get("MANYI_ADMIN_PASSWORD") or getpass.getpass("密码 / password: ")
        try:
            now = timezone.now()  # noqa: TID251 — commands read the clock
            founder = found_company(name=company, administrator=admin, password=password, at=now)
            fill_calendars(by=founder, at=now, unit=founder.unit)
        except CannotDo as refusal:
            raise CommandError(f"{refusal.message.zh} / {refusal.message.en}") from None
        self.stdout.write(f"{company}: {admin}")
