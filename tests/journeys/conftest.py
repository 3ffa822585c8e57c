"""One running Manyi for all journeys: a demo company in a folder of its own, served as ``manyi serve`` serves it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

CHROMIUM = shutil.which("chromium")
PASSWORD = "manyi-demo-2026"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs a browser, and says so when there is none."""
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="BROWSER TESTS SKIPPED: apt-get install chromium"))


@pytest.fixture(scope="session")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the installation: a folder of its own, nothing of the tests'."""
    ours = {"MANYI_DATA": str(tmp_path_factory.mktemp("journeys")), "DJANGO_SETTINGS_MODULE": "manyi.settings"}
    return {k: v for k, v in os.environ.items() if not k.startswith(("MANYI_", "DATABASE_URL"))} | ours


@pytest.fixture(scope="session")
def inside(env: dict[str, str], server: str) -> Callable[[str], str]:
    """Run Python inside the installation; what it printed."""

    def run(code: str) -> str:
        code = f"import django; django.setup()\n{code}"
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="session")
def server(env: dict[str, str]) -> Iterator[str]:
    """The address of a demo company that is served with its jobs."""
    data = Path(env["MANYI_DATA"])
    manyi = [sys.executable, "-m", "manyi"]
    subprocess.run([*manyi, "demo"], env=env, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (data / "serve.log").open("w") as log:
        process = subprocess.Popen([*manyi, "serve", "--port", str(port)], env=env, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
    assert "Traceback" not in (data / "serve.log").read_text()


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urlopen(address, timeout=2)  # noqa: S310 — our own server
        except OSError:  # not listening yet, or busy starting
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"nothing answers at {address}")


@pytest.fixture
def visit(chromium, server) -> Iterator[Callable]:
    """Open a browser as somebody, or as nobody; ``page.told`` gathers what a sound page never says."""
    contexts = []

    def open_as(username: str = "", *, screen: dict[str, int] = DESK, **options):
        context = chromium.new_context(viewport=screen, base_url=server, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.told, page.asked = [], []
        page.on("console", lambda message: page.told.append(message.text))
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on("dialog", lambda dialog: (page.told.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url))
        if username:
            page.goto("/sign-in/")
            page.fill("#id_username", username)
            page.fill("#id_password", PASSWORD)
            page.click("main button")
            page.wait_for_url("**/duties/")
        return page

    yield open_as
    for context in contexts:
        context.close()
