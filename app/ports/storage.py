"""Where documents are kept."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from app.domain.pipeline import Receipt


class StorageError(Exception):
    """Storage cannot do what was asked, and asking again will not help; the text says why."""


class DocumentNotFoundError(StorageError):
    """No document lies under the key."""


class StorageUnavailableError(StorageError):
    """Storage cannot do it now; the same call may succeed later."""


class Storage(Protocol):
    """Keeps documents under keys: written whole or not at all, and replaced by the next write.

    Every method refuses an unsafe key with `InvalidKeyError`, and has the errors above.
    """

    def put(self, key: str, body: bytes) -> Receipt:
        """Keep a document; it is durable when the receipt is returned."""
        ...

    def get(self, key: str) -> bytes:
        """The whole document."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The document as a stream, for those too large to be held whole."""
        ...

    def copy(self, source: str, key: str) -> Receipt:
        """Keep a document under another key too, without sending its body again."""
        ...

    def keys(self, folder: str) -> Iterator[str]:
        """The keys of all documents below a folder, in order; there may be none."""
        ...

    def locate(self, key: str) -> str:
        """The key's address for people: a path or a URL, whether or not a document lies there."""
        ...
