"""``manyi demo``: an empty installation becomes the demo company's."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from manyi.base.people.queries import find_root_unit
from manyi.demo.company import PEOPLE
from manyi.demo.play import PASSWORD, play


class Command(BaseCommand):
    """Plays the demo company's years; refuses an installation that is in use."""

    help = "fill an empty installation with a demo company"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--if-empty`` leaves an installation in use alone without an error."""
        parser.add_argument("--if-empty", action="store_true")

    def handle(self, *args: Any, if_empty: bool = False, **options: Any) -> None:
        """Run."""
        call_command("migrate", interactive=False, verbosity=0)
        if find_root_unit() is None:
            self.stdout.write("正在生成演示公司（约一分钟）… / making the demo company (about a minute) …")
            play(now=timezone.now())  # noqa: TID251 — commands read the clock
        elif not if_empty:
            raise CommandError("系统已在使用 / the installation is in use")
        self.stdout.write(f"\n登录名 / sign in as (密码 / password: {PASSWORD}):")
        for username, name, _, roles in PEOPLE:
            self.stdout.write(f"  {username:6} {name}  {', '.join(role for role, _ in roles)}")
        self.stdout.write("")
