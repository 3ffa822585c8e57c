"""Work with the drawing and typesetting engines in a process of its own: what crashes or hangs there stays there."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from typing import Any


class DidNotFinish(Exception):
    """The work ended without a result; what went wrong stands in the log."""


def run_apart(work: Callable[..., Any], *arguments: Any, seconds: float) -> None:
    """Run ``work(*arguments)`` in a fresh process that is ended after ``seconds``; its results lie in files."""
    process = get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise DidNotFinish(f"ended after {seconds:g} s")
    if process.exitcode:
        raise DidNotFinish(f"exit code {process.exitcode}")
