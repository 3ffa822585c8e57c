"""Seals in the writing process, straight after commits: one thread, woken, that lets commits gather for a moment."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

from django.db import DatabaseError, close_old_connections

GATHER = 0.3
"""Seconds in which further commits join a seal; the chain is never further behind than this and the sealing itself."""


class Sealer:
    """The thread of this process; it knows only what it is woken with, so that nothing is imported in a circle."""

    def __init__(self) -> None:
        self._seal: Callable[[], int] = int
        self._wanted = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def wake(self, seal: Callable[[], int]) -> None:
        """Ask for ``seal`` soon; returns at once."""
        self._seal = seal
        self._wanted.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="sealer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            Event().wait(GATHER)
            self._wanted.clear()
            close_old_connections()
            try:
                self._seal()
            except DatabaseError:
                # the jobs process seals as well; what is missed here is sealed there
                logging.getLogger(__name__).warning("sealing is put off", exc_info=True)


sealer = Sealer()
