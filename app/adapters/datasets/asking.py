"""Reads a SQLite file for somebody who is not trusted, in a process of its own that can be killed.

A few lines of SQL can take all memory while they are parsed, where neither an authorizer nor a progress handler is
asked: common tables that name each other twice, thirty in a row. So the caller limits the time, and this program the
rest.
"""

import json
import math
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

HEAP_BYTES = 64 * 1024 * 1024
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 20,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
NAMES = """abs avg coalesce count cume_dist date datetime dense_rank first_value format glob group_concat ifnull iif
    instr julianday lag last_value lead length like lower ltrim max min nth_value ntile nullif percent_rank printf rank
    replace round row_number rtrim sign strftime substr substring sum time total trim typeof upper"""
FUNCTIONS = frozenset(NAMES.split())
MAY = f"Only one SELECT that is not recursive may be run, with these functions: {' '.join(NAMES.split())}"


class RefusedError(Exception):
    """The statement is not run, or not to its end."""


def ask(file: Path, statement: str, most_rows: int, most_bytes: int) -> dict[str, Any]:
    """The columns, the rows as far as they fit, and whether those are all."""
    with closing(_opened(file)) as connection:
        try:
            cursor = connection.execute(statement)
            rows, complete = _bounded(map(_told, cursor), most_rows, most_bytes)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise RefusedError(f"{error}. {MAY}") from error
        except MemoryError:
            raise RefusedError(f"The query needs more than {HEAP_BYTES:,} bytes of memory; make it smaller") from None
        if cursor.description is None:
            raise RefusedError(f"The statement finds no rows. {MAY}")
        return {"columns": [column[0] for column in cursor.description], "rows": rows, "complete": complete}


def _opened(file: Path) -> sqlite3.Connection:
    """The file, which can be read and not be changed; what its schema names may be read, and nothing else."""
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.text_factory = lambda text: text.decode(errors="replace")
    for setting in (
        "query_only = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        f"hard_heap_limit = {HEAP_BYTES}",
    ):
        connection.execute(f"PRAGMA {setting}")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    for limit, most in LIMITS.items():
        connection.setlimit(limit, most)

    def authorize(action: int, what: str | None, which: str | None, *_: str | None) -> int:
        match action:
            case sqlite3.SQLITE_SELECT:
                allowed = True
            case sqlite3.SQLITE_READ:
                allowed = what in tables
            case sqlite3.SQLITE_FUNCTION:
                allowed = (which or "").lower() in FUNCTIONS
            case _:
                allowed = False
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    connection.set_authorizer(authorize)
    return connection


def _told(row: tuple[Any, ...]) -> list[Any]:
    """A row as JSON can say it."""
    return [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _bounded(rows: Iterator[list[Any]], most_rows: int, most_bytes: int) -> tuple[list[list[Any]], bool]:
    taken: list[list[Any]] = []
    size = 0
    for row in rows:
        size += len(json.dumps(row))
        if len(taken) == most_rows or size > most_bytes:
            return taken, False
        taken.append(row)
    return taken, True


def main() -> None:
    """Answer what stdin asks, on stdout, as JSON."""
    asked = json.load(sys.stdin)
    try:
        answer = ask(Path(asked["file"]), asked["statement"], asked["most_rows"], asked["most_bytes"])
    except RefusedError as refused:
        answer = {"refused": str(refused)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
