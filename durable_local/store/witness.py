"""What was acknowledged last, kept beside the database: SQLite drops the end of a damaged WAL without a word."""

import mmap
import struct
from pathlib import Path

NOTHING = 0, 0
"""To remember this is to forget."""

_FORM = struct.Struct("<qqq")


class Witness:
    """Remembers the latest kept change: an execution's key, and how many times it had been written.

    Written to memory that the system keeps when the process dies, so it costs next to nothing.
    """

    def __init__(self, path: str) -> None:
        file = Path(path)
        if not file.exists() or file.stat().st_size < _FORM.size:
            file.write_bytes(bytes(_FORM.size))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), _FORM.size)

    def write(self, key: int, writes: int) -> None:
        """Remember a change that has been kept, or NOTHING."""
        self._memory[:] = _FORM.pack(key, writes, key ^ writes)

    def read(self) -> tuple[int, int] | None:
        """The change remembered; None if there is none, or the machine died while it was written."""
        key, writes, check = _FORM.unpack(self._memory)
        return (key, writes) if key and check == key ^ writes else None

    def close(self) -> None:
        """Give the file back."""
        self._memory.close()
