"""Who waits for the end of which execution."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from durable.model import Operation, OperationType


class Ends:
    """Wakes those who wait for the end of an execution; `observe` is to be told of every change."""

    def __init__(self) -> None:
        self._awaited: dict[str, list[threading.Event]] = {}
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def awaited(self, arn: str) -> Iterator[threading.Event]:
        """An event that is set when the execution ends from now on, or when nobody should wait any more."""
        ended = threading.Event()
        with self._lock:
            self._awaited.setdefault(arn, []).append(ended)
            if self._closed:
                ended.set()
        try:
            yield ended
        finally:
            with self._lock:
                self._awaited[arn].remove(ended)
                if not self._awaited[arn]:
                    del self._awaited[arn]

    def observe(self, arn: str, changed: list[Operation]) -> None:
        """Take note of what has changed in an execution."""
        if arn in self._awaited and any(map(_is_end, changed)):
            with self._lock:
                for ended in self._awaited.get(arn, ()):
                    ended.set()

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._lock:
            self._closed = True
            for events in self._awaited.values():
                for ended in events:
                    ended.set()


def _is_end(operation: Operation) -> bool:
    return operation.operation_type is OperationType.EXECUTION and operation.status.is_terminal
