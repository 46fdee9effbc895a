"""Storage in a folder."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from app.domain.errors import InvalidKeyError
from app.domain.keys import check_key
from app.domain.pipeline import Receipt
from app.ports.storage import DocumentNotFoundError, Storage, StorageError, StorageUnavailableError

INCOMING = ".incoming"
"""Where a document is written until it is whole: below the root, so that a rename is atomic, and no valid key."""
MAY_PASS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ETIMEDOUT}


class FilesystemStorage(Storage):
    """Keeps each document in a file below a root; a crash at any instant leaves the old document or the new one."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, body: bytes) -> Receipt:
        def write(file: IO[bytes]) -> None:
            file.write(body)

        return self._replace(key, write)

    def get(self, key: str) -> bytes:
        with self.open(key) as file:
            return file.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with self._port_errors(key), self._path(key).open("rb") as file:
            yield file

    def copy(self, source: str, key: str) -> Receipt:
        with self.open(source) as original:
            return self._replace(key, lambda file: shutil.copyfileobj(original, file))

    def keys(self, folder: str) -> Iterator[str]:
        with self._port_errors(folder):
            found = self._path(folder).rglob("*")
            yield from sorted(str(PurePosixPath(path.relative_to(self._root))) for path in found if path.is_file())

    def locate(self, key: str) -> str:
        return str(self._root.absolute() / check_key(key))

    def _replace(self, key: str, write: Callable[[IO[bytes]], None]) -> Receipt:
        with self._port_errors(key):
            path = self._path(key)
            _make_folder(path.parent)
            with _temporary_in(self._root / INCOMING) as file:
                write(file)
                size = file.tell()
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            _sync_folder(path.parent)
        return Receipt(key=key, size=size)

    def _path(self, key: str) -> Path:
        path = self._root
        for name in check_key(key).split("/"):
            path /= name
            if path.is_symlink():
                raise InvalidKeyError(f"Key {key!r} passes the symbolic link {path}; storage does not follow links")
        return path

    @contextmanager
    def _port_errors(self, key: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise DocumentNotFoundError(f"No document at {self.locate(key)}") from None
        except OSError as error:
            kind = StorageUnavailableError if error.errno in MAY_PASS else StorageError
            raise kind(f"Cannot use {self.locate(key)}: {error.strerror or error}") from error


@contextmanager
def _temporary_in(folder: Path) -> Iterator[IO[bytes]]:
    """A new file, gone afterwards unless it was renamed; what a killed process leaves lies apart from documents."""
    _make_folder(folder)
    file = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115
    try:
        with file:
            yield file.file
    finally:
        Path(file.name).unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """Create the folder and its parents, each durable in its own parent."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
