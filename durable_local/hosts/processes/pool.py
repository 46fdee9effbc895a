"""The worker processes of all functions: begun when they are needed, used again, and bounded in number."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from durable.model import ErrorObject
from durable_local.hosts import InvocationFailedError
from durable_local.hosts.failures import EXIT_ERROR
from durable_local.hosts.processes.worker import Log, Program, Worker

WORKERS = 8

_PATIENCE_SECONDS = 2.0
_CLOSED = ErrorObject("The server is stopping and runs nothing more", EXIT_ERROR)


class Pool:
    """Lends workers. When there are as many as there may be, an idle one of another function makes room."""

    def __init__(self, log: Log, limit: int = WORKERS) -> None:
        if limit < 1:
            raise ValueError(f"{limit} workers can run nothing; at least 1 is needed")
        self.limit = limit
        self._log = log
        self._changed = threading.Condition()
        self._closed = False
        self._busy: set[Worker] = set()
        self._idle: list[Worker] = []
        """The one that was used last comes last."""

    @contextmanager
    def worker(self, program: Program) -> Iterator[Worker]:
        """A worker for one invocation. Raises InvocationFailedError if it does not begin."""
        worker = self._take(program)
        try:
            worker.begin()
            yield worker
        finally:
            self._give_back(worker)

    def close(self) -> None:
        """End all workers, whatever they do, and begin none; what they have printed is told before."""
        with self._changed:
            self._closed = True
            workers = [*self._idle, *self._busy]
            for worker in workers:
                worker.kill()
            self._changed.notify_all()
        for worker in workers:
            worker.drain(_PATIENCE_SECONDS)

    def _take(self, program: Program) -> Worker:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._warm(program) or self._has_room())
            if self._closed:
                raise InvocationFailedError(_CLOSED)
            worker = self._warm(program)
            if worker:
                self._idle.remove(worker)
            else:
                self._make_room()
                worker = Worker(program, self._log)
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            self._busy.discard(worker)
            self._idle.append(worker)
            self._changed.notify_all()

    def _warm(self, program: Program) -> Worker | None:
        """The idle worker of a program that was used last."""
        self._idle = [worker for worker in self._idle if worker.is_alive]
        return next((worker for worker in reversed(self._idle) if worker.program is program), None)

    def _has_room(self) -> bool:
        return bool(self._idle) or len(self._busy) < self.limit

    def _make_room(self) -> None:
        if len(self._idle) + len(self._busy) >= self.limit:
            self._idle.pop(0).kill()
