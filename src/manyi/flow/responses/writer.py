"""One writer for many respondents: waiting submissions are gathered and committed together.

SQLite takes one writer at a time and every commit waits for the disk. Gathering what has queued up while the last
commit ran costs no waiting of its own and makes one disk write serve many respondents. Each is answered only after the
commit that holds its row. A batch that fails is tried again one by one, so that one bad sheet harms no other.
"""

from __future__ import annotations

from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from django.db import DatabaseError, close_old_connections, connection

from manyi.flow.responses.operations import CannotSubmit, Receipt, Submission, submit_sheets

MOST_IN_A_BATCH = 200
Waiting = tuple[Submission, "Future[Receipt | CannotSubmit]"]


class Writer:
    """A thread with a queue; started with the first submission of a process."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Waiting] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def submit(self, submission: Submission, timeout: float = 30.0) -> Receipt:
        """Hand a submission over and wait for its receipt; raises ``CannotSubmit`` or the database's error."""
        answer: Future[Receipt | CannotSubmit] = Future()
        self._queue.put((submission, answer))
        self._start()
        receipt = answer.result(timeout)
        if isinstance(receipt, CannotSubmit):
            raise receipt
        return receipt

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="sheet-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            try:
                while len(batch) < MOST_IN_A_BATCH:
                    batch.append(self._queue.get_nowait())
            except Empty:
                pass
            close_old_connections()
            self._write(batch)

    def _write(self, batch: list[Waiting]) -> None:
        try:
            receipts = submit_sheets([submission for submission, _ in batch])
        except Exception as error:  # whoever waits must hear of it, whatever it was
            if isinstance(error, DatabaseError):
                connection.close()
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for waiting in batch:
                self._write([waiting])
            return
        for (_, answer), receipt in zip(batch, receipts, strict=True):
            answer.set_result(receipt)


writer = Writer()
