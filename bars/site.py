"""A running installation for a bar: its own data directory with the demo company, served by the shipped command."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from bars.postgres import fresh_database

ROOT = Path(__file__).resolve().parents[1]
DEMO: list[Path] = []
ENGINES = ("sqlite", "postgres")
ENGINE = ["sqlite"]
"""On which of the engines the installations of a bar keep their rows; set by the runner."""


@dataclass
class Site:
    """Where it is served, where its data lie, with which settings module."""

    data: Path
    port: int
    settings: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, code: str) -> str:
        """Run Python inside the installation; what it printed."""
        code = f"import django; django.setup()\n{code}"
        done = subprocess.run([sys.executable, "-c", code], env=self.env(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def manyi(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command ``manyi`` on the installation."""
        return subprocess.run(
            [sys.executable, "-m", "manyi", *words], env=self.env(), capture_output=True, text=True, check=False
        )

    def env(self) -> dict[str, str]:
        return {
            **os.environ, "MANYI_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": self.settings,
            "PYTHONPATH": str(ROOT), **self.environment,
        }  # fmt: skip

    def another(self, name: str) -> Site:
        """A second, empty installation beside this one, on the same engine."""
        return Site(self.data.parent / name, _free_port(), self.settings, _database())

    def links(self, n: int) -> list[str]:
        """Personal links of the open wave that nobody has used yet."""
        return json.loads(
            self.run(
                "import json; from manyi.flow.dispatch.models import Ask; from manyi.flow.dispatch.links import make_token\n"
                f"rows = Ask.objects.filter(state='sent', wave__state='open').order_by('pk')[:{n}]\n"
                "print(json.dumps([make_token(ask.key) for ask in rows]))"
            )
        )


@contextmanager
def site(settings: str = "manyi.settings", served: bool = True, **environment: str) -> Iterator[Site]:
    """A fresh installation with the demo company, served until the block ends."""
    with TemporaryDirectory(prefix="manyi-bar-") as folder:
        data = Path(folder) / "data"
        here = Site(data, _free_port(), settings, {**environment, **_database()})
        _filled(here)
        if not served:
            yield here
            return
        with running(here):
            yield here


@contextmanager
def empty(settings: str = "manyi.settings") -> Iterator[Site]:
    """An installation with nothing in it yet, not served."""
    with TemporaryDirectory(prefix="manyi-bar-") as folder:
        yield Site(Path(folder) / "data", _free_port(), settings, _database())


@contextmanager
def running(here: Site, *before: str) -> Iterator[subprocess.Popen[bytes]]:
    """The installation served by ``manyi serve``; ``before`` are words put before the command."""
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "manyi", "serve", "--port", str(here.port)],
        env=here.env(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(here)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _filled(here: Site) -> None:
    """The demo company: made once for all bars of a run, then copied."""
    if not DEMO or not DEMO[0].exists():
        master = Path(mkdtemp(prefix="manyi-demo-"))
        atexit.register(shutil.rmtree, master, ignore_errors=True)
        made = Site(master / "data", 0, "manyi.settings").manyi("demo")
        if made.returncode:
            raise RuntimeError(made.stderr)
        DEMO[:] = [master / "data"]
    if ENGINE[0] == "postgres":
        _moved(here)
        return
    here.data.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-r", str(DEMO[0]), str(here.data)], check=True)


def _moved(here: Site) -> None:
    """The demo company by way of a backup: the same rows on the other engine."""
    archive = DEMO[0].parent / "demo.tar.gz"
    if not archive.exists():
        Site(DEMO[0], 0, "manyi.settings").manyi("backup", str(archive))
    done = here.manyi("restore", str(archive))
    if done.returncode:
        raise RuntimeError(done.stderr)


def _database() -> dict[str, str]:
    return {"DATABASE_URL": fresh_database()} if ENGINE[0] == "postgres" else {}


def _wait(here: Site, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{here.url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
