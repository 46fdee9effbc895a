"""What is due in all executions together, found by index."""

# ruff: noqa: S608 - the queries are put together from constants of this module

from dataclasses import dataclass
from datetime import datetime

from durable.wire import from_milliseconds, milliseconds
from durable_local.store.database import Database


@dataclass(frozen=True, slots=True)
class Invocable:
    """An execution to invoke, since when, and the number of its latest claim."""

    arn: str
    function: str
    fence: int
    at: datetime


GRACE_MILLISECONDS = 200
"""How long an invoked function lets the invocation that has invoked it suspend first, which it mostly does at once:
in Lambda no function begins so soon. What invokes and goes on with other branches is not waited for any longer."""

_SELECT = "SELECT arn, function, fence, {moment} FROM executions AS one WHERE"
_BEGIN = f"""
CASE WHEN invocations = 0 AND EXISTS (SELECT 1 FROM executions WHERE key = one.parent AND request_id IS NOT NULL)
THEN invoke_at + {GRACE_MILLISECONDS} ELSE invoke_at END
"""
_INVOCATIONS = f"{_SELECT.format(moment=_BEGIN)} function = ? AND invoke_at IS NOT NULL ORDER BY invoke_at LIMIT ?"
_UNFINISHED = f"{_SELECT.format(moment='invoked_at')} request_id IS NOT NULL AND status = 'RUNNING' ORDER BY key"


def invocations(database: Database, function: str, limit: int) -> list[Invocable]:
    """The executions of a function that are to be invoked first, earliest first; also those that are not due yet."""
    return [_invocable(*row) for row in database.rows(_INVOCATIONS, (function, limit))]


def unfinished(database: Database) -> list[Invocable]:
    """The executions of which an invocation is running, or was when its process died; reads every execution."""
    return [_invocable(*row) for row in database.rows(_UNFINISHED)]


def timed(database: Database, now: datetime, limit: int) -> list[str]:
    """The ARNs of executions with a timer that is due."""
    query = (
        "SELECT DISTINCT arn FROM (SELECT execution FROM timers WHERE due_at <= ? ORDER BY due_at LIMIT ?) "
        "JOIN executions ON key = execution"
    )
    return [row[0] for row in database.rows(query, (milliseconds(now), limit))]


def _invocable(arn: str, function: str, fence: int, at: int) -> Invocable:
    return Invocable(arn, function, fence, from_milliseconds(at))
