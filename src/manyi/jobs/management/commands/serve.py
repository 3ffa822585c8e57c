"""``manyi serve``: the pages, and the jobs beside them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

GRACE = 10.0


class Command(BaseCommand):
    """One writing process with threads serves; one process runs the jobs; either is started again when it ends."""

    help = "serve the pages and run the jobs beside them"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and whether the jobs run here."""
        parser.add_argument("--host", default=os.environ.get("MANYI_HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("MANYI_PORT", "8000")))
        parser.add_argument("--threads", type=int, default=16)
        parser.add_argument("--no-jobs", action="store_true", help="the jobs run elsewhere")

    def handle(self, *args: Any, host: str, port: int, threads: int, no_jobs: bool, **options: Any) -> None:
        """Bring the database up to date, then serve until told to stop."""
        os.umask(0o027)
        _refuse_a_taken_port(host, port)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        here = Path(sys.executable).parent
        server = [
            str(here / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
            "--blocking-threads", str(threads), "--backlog", "1024", "--workers-kill-timeout", "10",
            "--no-access-log", "--log-level", "warning", "manyi.wsgi:application",
        ]  # fmt: skip
        commands = [server] if no_jobs else [server, [sys.executable, "-m", "manyi", "jobs"]]
        here_at = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 — asked, not bound
        os.environ.setdefault("MANYI_URL", here_at)  # the links in mails and on printed sheets lead to this server
        self.stdout.write(f"Manyi 满意  {here_at}/  ({settings.MANYI_DATA})")
        _watch(commands)


def _refuse_a_taken_port(host: str, port: int) -> None:
    """The server shares its port; a second installation on it would take half of the requests."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            told = f"{host}:{port} 已被占用或不可用 / is taken or not to be had ({error.strerror})"
            raise CommandError(told) from None


def _watch(commands: list[list[str]]) -> None:
    """Keep the processes running until SIGTERM or SIGINT; then stop them and wait."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopping.append(number))
    running = [subprocess.Popen(command) for command in commands]  # noqa: S603 — our own commands
    while not stopping:
        time.sleep(0.2)
        for n, process in enumerate(running):
            if process.poll() is not None and not stopping:
                time.sleep(1.0)
                running[n] = subprocess.Popen(commands[n])  # noqa: S603
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
