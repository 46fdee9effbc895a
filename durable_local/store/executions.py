"""Rows of executions."""

# ruff: noqa: S608 - the queries are put together from constants of this module

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from durable.model import ErrorObject
from durable.wire import from_milliseconds, milliseconds
from durable_local.store.columns import error_object, error_text, moment, stamp
from durable_local.store.database import Database


@dataclass(slots=True)
class ExecutionRow:
    """An execution as stored, in the order of its columns; moments in epoch milliseconds."""

    key: int | None
    arn: str
    name: str
    function: str
    operation_id: str
    timeout_seconds: int | None
    retention_days: int | None
    tenant_id: str | None
    started_at: int
    parent: int | None
    parent_operation: str | None
    status: str
    ended_at: int | None = None
    remove_at: int | None = None
    sequence: int = 0
    heard: int = 0
    events: int = 0
    operations: int = 0
    bytes: int = 0
    writes: int = 0
    chain: str = ""
    fence: int = 0
    token: str | None = None
    used_token: str | None = None
    client_token: str | None = None
    heard_before: int = 0
    invoke_at: int | None = None
    timed_at: int | None = None
    request_id: str | None = None
    invoked_at: int | None = None
    invoked_from: int = 0
    invocations: int = 0
    failures: int = 0
    idle: int = 0

    @property
    def is_running(self) -> bool:
        """Whether the execution has not ended."""
        return self.status == "RUNNING"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a closed execution came to."""

    result: str | None = None
    error: ErrorObject | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which executions of a function are asked for; what is None or empty selects all."""

    function: str
    name: str | None = None
    statuses: Sequence[str] = ()
    started_after: datetime | None = None
    started_before: datetime | None = None


_COLUMNS = [each.name for each in fields(ExecutionRow)]
_LIST = ", ".join(_COLUMNS)
_CHANGING = _COLUMNS[_COLUMNS.index("status") + 1 :]
_values, _changing = attrgetter(*_COLUMNS), attrgetter(*_CHANGING, "key")
_SELECT = f"SELECT {_LIST} FROM executions"
_BY_ARN = f"{_SELECT} WHERE arn = ?"
_BY_NAME = f"{_SELECT} WHERE name = ?"
_BY_KEY = f"{_SELECT} WHERE key = ?"
_NEWEST = f"{_SELECT} ORDER BY started_at DESC, key DESC LIMIT ?"
# Of two conditions on either side of an OR no index is used, so each has its query.
_ANY_NAME, _ONE_NAME = "?2 IS NULL", "name = ?2"
_SELECTED = (
    f"{_SELECT} WHERE function = ?1 AND {_ANY_NAME} AND (?3 = '[]' OR status IN (SELECT value FROM json_each(?3))) "
)
# Bounds that are always there let the index find the first row of a page.
_EVER = 2**62
_OLDEST_FIRST = (
    f"{_SELECTED} AND started_at >= max(ifnull(?4, 0), ifnull(?6, 0)) AND started_at < ifnull(?5, {_EVER}) "
    "AND (?6 IS NULL OR (started_at, key) > (?6, ?7)) ORDER BY started_at, key LIMIT ?8"
)
_NEWEST_FIRST = (
    f"{_SELECTED} AND started_at >= ifnull(?4, 0) AND started_at < min(ifnull(?5, {_EVER}), ifnull(?6 + 1, {_EVER})) "
    "AND (?6 IS NULL OR (started_at, key) < (?6, ?7)) ORDER BY started_at DESC, key DESC LIMIT ?8"
)
_RUNNING_BELOW = (
    "WITH RECURSIVE below (child) AS (SELECT key FROM executions WHERE parent = ? "
    "UNION ALL SELECT key FROM executions JOIN below ON parent = child) "
    f"{_SELECT} JOIN below ON key = child WHERE status = 'RUNNING'"
)
_REMOVE = (
    "DELETE FROM executions WHERE key IN (SELECT key FROM executions WHERE remove_at <= ? ORDER BY remove_at LIMIT ?)"
)
_INSERT = f"INSERT INTO executions ({_LIST}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE executions SET {', '.join(f'{column} = ?' for column in _CHANGING)} WHERE key = ?"
# A status is counted where it changes, which only an end does: checkpoints are not to pay for that.
_END = _UPDATE.replace("SET ", "SET status = ?, ")


def insert(database: Database, row: ExecutionRow) -> int:
    """Store a new execution; the answer is its key."""
    key = database.write(_INSERT, _values(row)).lastrowid
    if key is None:
        raise ValueError(f"{row.arn} got no key")
    return key


def update(database: Database, row: ExecutionRow) -> None:
    """Store what has changed of an execution."""
    if row.is_running:
        database.write(_UPDATE, _changing(row))
    else:
        database.write(_END, (row.status, *_changing(row)))


def by_arn(database: Database, arn: str) -> ExecutionRow | None:
    """The execution of an ARN."""
    return _row(database.row(_BY_ARN, (arn,)))


def status(database: Database, arn: str) -> str | None:
    """How the execution of an ARN stands."""
    row = database.row("SELECT status FROM executions WHERE arn = ?", (arn,))
    return row[0] if row else None


def by_name(database: Database, name: str) -> ExecutionRow | None:
    """The execution of a name."""
    return _row(database.row(_BY_NAME, (name,)))


def by_key(database: Database, key: int) -> ExecutionRow | None:
    """The execution that other rows point to."""
    return _row(database.row(_BY_KEY, (key,)))


def newest(database: Database, limit: int) -> list[ExecutionRow]:
    """The executions started last, newest first."""
    return [ExecutionRow(*columns) for columns in database.rows(_NEWEST, (limit,))]


def selected(
    database: Database, selection: Selection, after: tuple[int, int] | None, limit: int, *, oldest_first: bool
) -> list[ExecutionRow]:
    """Executions in the order of their start, from the one after that start and key on."""
    values = (
        selection.function,
        selection.name,
        json.dumps([str(status) for status in selection.statuses]),
        stamp(selection.started_after),
        stamp(selection.started_before),
        *(after or (None, None)),
        limit,
    )
    query = _OLDEST_FIRST if oldest_first else _NEWEST_FIRST
    if selection.name is not None:
        query = query.replace(_ANY_NAME, _ONE_NAME)
    return [ExecutionRow(*columns) for columns in database.rows(query, values)]


def running_below(database: Database, key: int) -> list[ExecutionRow]:
    """The running executions that an execution has invoked, and those that these have."""
    return [ExecutionRow(*columns) for columns in database.rows(_RUNNING_BELOW, (key,))]


def earliest_invocation(database: Database) -> tuple[str, datetime] | None:
    """The execution that is to be invoked first, and when."""
    row = database.row("SELECT arn, invoke_at FROM executions WHERE invoke_at IS NOT NULL ORDER BY invoke_at LIMIT 1")
    return (row[0], from_milliseconds(row[1])) if row else None


def remove(database: Database, now: datetime, limit: int) -> None:
    """Remove closed executions that are not kept any longer, with all that belongs to them."""
    database.write(_REMOVE, (milliseconds(now), limit))


def earliest_removal(database: Database) -> datetime | None:
    """Until when the execution is kept that is removed next."""
    row = database.row("SELECT min(remove_at) FROM executions WHERE remove_at IS NOT NULL")
    return moment(row[0]) if row else None


def set_outcome(database: Database, key: int, outcome: Outcome) -> None:
    """Store how an execution ended."""
    database.write(
        "INSERT INTO outcomes (execution, result, error) VALUES (?, ?, ?)",
        (key, outcome.result, error_text(outcome.error)),
    )


def outcome(database: Database, key: int, *, payloads: bool = True) -> Outcome:
    """How an execution ended; empty while it runs."""
    result = "result" if payloads else "NULL"
    row = database.row(f"SELECT {result}, error FROM outcomes WHERE execution = ?", (key,))
    return Outcome(row[0], error_object(row[1])) if row else Outcome()


def _row(columns: Sequence[object] | None) -> ExecutionRow | None:
    return None if columns is None else ExecutionRow(*columns)  # type: ignore[arg-type]
