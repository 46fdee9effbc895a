"""Rows of executions as lists show them: of all functions, by parts of names, with those that invoked each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from durable_local.store.database import Database


@dataclass(frozen=True, slots=True)
class Filter:
    """Which executions are listed; what is empty selects all, and part of a name is taken in either case."""

    function: str = ""
    status: str = ""
    part: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether all executions are listed."""
        return self == Filter()


@dataclass(frozen=True, slots=True)
class ListedRow:
    """An execution of a list; moments in epoch milliseconds."""

    key: int
    arn: str
    name: str
    function: str
    status: str
    started_at: int
    ended_at: int | None


WINDOW = 5_000
"""How many executions are looked through at once: whoever else needs the database waits no longer than that takes."""

_COLUMNS = "key, arn, name, function, status, started_at, ended_at"
_NEWEST_FIRST = "ORDER BY started_at DESC, key DESC LIMIT ?"
# The first condition of each lets the index find the first row, and the last.
_OLDER = "started_at <= ? AND (started_at, key) < (?, ?)"
_NOT_OLDER = "started_at >= ? AND (started_at, key) >= (?, ?)"
# An index leads from each function to the next, however many executions lie between.
_FUNCTIONS = (
    "WITH RECURSIVE known (name) AS (SELECT min(function) FROM executions UNION ALL "
    "SELECT (SELECT min(function) FROM executions WHERE function > known.name) FROM known WHERE name IS NOT NULL) "
    "SELECT name FROM known WHERE name IS NOT NULL"
)
_COUNTS = (
    "SELECT status, sum(executions) FROM counts WHERE executions > 0 AND (?1 = '' OR function = ?1) GROUP BY status"
)
_PARENT = "SELECT name FROM executions WHERE key = (SELECT parent FROM executions WHERE arn = ?)"
_CHILDREN = (
    "SELECT parent_operation, name FROM executions WHERE parent = (SELECT key FROM executions WHERE arn = ?) "
    "AND parent_operation IS NOT NULL"
)


Position = tuple[int, int]
"""A start and a key."""
_Conditions = list[tuple[str, Sequence[Any]]]


def page(database: Database, filter_: Filter, after: Position | None, limit: int) -> list[ListedRow]:
    """The newest executions that are selected, from the one after that start and key on."""
    found: list[ListedRow] = []
    while True:
        within = [*_of_function(filter_), *([(_OLDER, (after[0], *after))] if after else [])]
        ends = _rows(database, "started_at, key", within, f"{_NEWEST_FIRST} OFFSET ?", (1, WINDOW - 1))
        after = ends[0] if ends else None
        conditions = [*within, *_matching(filter_), *([(_NOT_OLDER, (after[0], *after))] if after else [])]
        rows = _rows(database, _COLUMNS, conditions, _NEWEST_FIRST, (limit - len(found),))
        found += [ListedRow(*columns) for columns in rows]
        if after is None or len(found) == limit:
            return found


def functions(database: Database) -> list[str]:
    """The functions that have executions, by name."""
    return [name for (name,) in database.rows(_FUNCTIONS)]


def counts(database: Database, function: str = "") -> dict[str, int]:
    """How many executions have each status, of a function or of all; as quickly told of many as of few."""
    return dict(database.rows(_COUNTS, (function,)))


def parent(database: Database, arn: str) -> str | None:
    """The name of the execution that has invoked this one."""
    row = database.row(_PARENT, (arn,))
    return row[0] if row else None


def children(database: Database, arn: str) -> dict[str, str]:
    """The names of the executions that this one has invoked, by the ids of the operations that await them."""
    return dict(database.rows(_CHILDREN, (arn,)))


def _of_function(filter_: Filter) -> _Conditions:
    return [("function = ?", (filter_.function,))] if filter_.function else []


def _matching(filter_: Filter) -> _Conditions:
    status: _Conditions = [("status = ?", (filter_.status,))] if filter_.status else []
    return [*status, *([("instr(lower(name), lower(?)) > 0", (filter_.part,))] if filter_.part else [])]


def _rows(
    database: Database, columns: str, conditions: _Conditions, order: str, values: Sequence[int]
) -> list[tuple[Any, ...]]:
    where = f"WHERE {' AND '.join(text for text, _ in conditions)}" if conditions else ""
    given = [value for _, some in conditions for value in some]
    query = f"SELECT {columns} FROM executions {where} {order}"  # noqa: S608 - of constants of this module
    return database.rows(query, (*given, *values))
