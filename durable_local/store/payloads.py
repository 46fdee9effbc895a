"""Payloads as far as people read them, so that a page does not cost what an execution holds."""

from dataclasses import dataclass

from durable.model import ErrorObject
from durable_local.store.columns import error_object
from durable_local.store.database import Database

READ_LETTERS = 300_000
"""More than a checkpoint may hold; only inputs and results of executions can be longer."""

_OPERATION = "FROM operations WHERE execution = (SELECT key FROM executions WHERE arn = ?) AND id = ?"
_OUTCOME = "FROM outcomes WHERE execution = (SELECT key FROM executions WHERE arn = ?)"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first letters of a payload, and how many follow."""

    text: str
    omitted: int = 0


def given(database: Database, arn: str, operation_id: str) -> Beginning | None:
    """What an operation of an execution was given: the function that it invoked, or the execution itself."""
    return _beginning(database, "input", _OPERATION, (arn, operation_id))


def result(database: Database, arn: str, operation_id: str | None = None) -> Beginning | None:
    """What an execution came to, or one of its operations."""
    if operation_id is None:
        return _beginning(database, "result", _OUTCOME, (arn,))
    return _beginning(database, "result", _OPERATION, (arn, operation_id))


def error(database: Database, arn: str, operation_id: str) -> ErrorObject | None:
    """Why an operation has failed, with all that is recorded of it."""
    row = database.row(f"SELECT error {_OPERATION}", (arn, operation_id))
    return error_object(row[0]) if row else None


def _beginning(database: Database, column: str, of: str, values: tuple[str, ...]) -> Beginning | None:
    # Texts end for `substr` and `length` where a zero byte stands, so what is short is read as it is.
    size = f"length(CAST({column} AS BLOB))"
    begins = f"iif({size} <= {READ_LETTERS}, {column}, substr({column}, 1, {READ_LETTERS}))"
    row = database.row(f"SELECT {begins}, length({column}) {of}", values)
    if row is None or row[0] is None:
        return None
    return Beginning(row[0], max(row[1] - len(row[0]), 0))
