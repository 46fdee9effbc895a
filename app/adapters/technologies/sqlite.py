"""SQLite: one file, opened for each transaction, so that threads and processes share nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

PATIENCE_SECONDS = 10
"""How long a transaction waits for another process's."""


@contextmanager
def transaction(path: Path, schema: str, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[sqlite3.Connection]:
    """Read and write all or nothing; what was written is on the disk when this is left. `schema` may be run again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=patience_seconds, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a commit that was acknowledged outlives a power cut
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(schema)
        yield connection
        connection.execute("COMMIT")  # where the block raised, closing the connection rolls back
