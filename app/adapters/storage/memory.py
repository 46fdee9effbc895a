"""Storage in this process's memory."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from app.domain.keys import check_key
from app.domain.pipeline import Receipt
from app.ports.storage import DocumentNotFoundError, Storage


class MemoryStorage(Storage):
    """Keeps documents as long as the process lives."""

    def __init__(self) -> None:
        self._documents: dict[str, bytes] = {}

    def put(self, key: str, body: bytes) -> Receipt:
        self._documents[check_key(key)] = body
        return Receipt(key=key, size=len(body))

    def get(self, key: str) -> bytes:
        try:
            return self._documents[check_key(key)]
        except KeyError:
            raise DocumentNotFoundError(f"No document under {self.locate(key)}") from None

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        return io.BytesIO(self.get(key))

    def copy(self, source: str, key: str) -> Receipt:
        return self.put(key, self.get(source))

    def keys(self, folder: str) -> Iterator[str]:
        start = check_key(folder) + "/"
        yield from sorted(key for key in [*self._documents] if key.startswith(start))

    def locate(self, key: str) -> str:
        return f"memory:{check_key(key)}"
