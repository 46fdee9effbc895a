"""A storage with trouble to come."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from app.domain.pipeline import Receipt
from app.ports.storage import Storage


class TroubledStorage(Storage):
    """Works like the storage inside, but each next call of the kind `at` raises a trouble until none is left."""

    def __init__(self, inside: Storage, troubles: Iterable[Exception] = (), at: str = "") -> None:
        self._inside = inside
        self._troubles = list(troubles)
        self._at = at
        self.calls: list[str] = []

    def put(self, key: str, body: bytes) -> Receipt:
        self._raise_next(f"put {key}")
        return self._inside.put(key, body)

    def get(self, key: str) -> bytes:
        self._raise_next(f"get {key}")
        return self._inside.get(key)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        self._raise_next(f"open {key}")
        return self._inside.open(key)

    def copy(self, source: str, key: str) -> Receipt:
        self._raise_next(f"copy {source} {key}")
        return self._inside.copy(source, key)

    def keys(self, folder: str) -> Iterator[str]:
        self._raise_next(f"keys {folder}")
        return self._inside.keys(folder)

    def locate(self, key: str) -> str:
        return self._inside.locate(key)

    def _raise_next(self, call: str) -> None:
        self.calls.append(call)
        if self._troubles and call.startswith(self._at):
            raise self._troubles.pop(0)
