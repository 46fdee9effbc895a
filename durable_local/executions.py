"""Executions as callers and operators see them: start by name, look up, list, stop."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from durable.model import (
    ErrorObject,
    Operation,
    OperationStatus,
)
from durable.wire import from_milliseconds, milliseconds
from durable_local.errors import ExecutionAlreadyStartedError, InvalidParameterValueError, ResourceNotFoundError
from durable_local.history import Event
from durable_local.journal import Journals
from durable_local.limits import EXECUTION_PAYLOAD_BYTES, check_execution_name, check_function_name, check_size
from durable_local.starting import Terms, begin
from durable_local.store import events, operations
from durable_local.store import executions as rows
from durable_local.store.columns import moment
from durable_local.store.database import NOTHING
from durable_local.store.executions import ExecutionRow, Outcome, Selection

STOPPED_BY_USER = ErrorObject("Execution stopped by user request")

_EVERYTHING = 2**62
_REMOVED_AT_ONCE = 100
_MARKER = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Execution:
    """A durable execution as it stands."""

    arn: str
    name: str
    function: str
    status: str
    input_payload: str | None
    result: str | None
    error: ErrorObject | None
    started: datetime
    ended: datetime | None
    invocations: int
    timeout_seconds: int | None = None
    retention_days: int | None = None
    invoked: datetime | None = None
    """Since when its function runs; None while it does not, and where that is not known."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a list of executions; no payloads."""

    arn: str
    name: str
    function: str
    status: str
    started: datetime
    ended: datetime | None


class Executions:
    """The executions in a store."""

    def __init__(self, journals: Journals) -> None:
        self._journals = journals
        self._database = journals.database

    def start(self, function: str, payload: str | None, name: str | None = None, terms: Terms | None = None) -> str:
        """Begin an execution; the answer is its ARN.

        A name that was used before begins nothing: with the same function, payload and tenant the answer is that
        execution's ARN, otherwise ExecutionAlreadyStartedError is raised.
        """
        name, terms = name if name is not None else str(uuid.uuid4()), terms or Terms()
        check_execution_name(name)
        check_function_name(function)
        check_size("Payload", payload, EXECUTION_PAYLOAD_BYTES)
        with self._database.transaction():
            existing = rows.by_name(self._database, name)
            if existing is not None:
                self._check_same(existing, function, payload, terms.tenant_id)
                return existing.arn
            journal = begin(self._journals, function, payload, name, terms)
        self._journals.tell(journal)
        return journal.row.arn

    def get(self, arn_or_name: str, *, payloads: bool = True) -> Execution:
        """One execution, by its ARN or its name; its input and its result may be left where they are."""
        row = self._row(arn_or_name)
        outcome = rows.outcome(self._database, row.key or 0, payloads=payloads)
        return Execution(
            row.arn,
            row.name,
            row.function,
            row.status,
            self._input(row) if payloads else None,
            outcome.result,
            outcome.error,
            from_milliseconds(row.started_at),
            moment(row.ended_at),
            row.invocations,
            row.timeout_seconds,
            row.retention_days,
            moment(row.invoked_at) if row.request_id and row.is_running else None,
        )

    def is_running(self, arn: str) -> bool:
        """Whether there is such an execution and it has not ended."""
        return rows.status(self._database, arn) == "RUNNING"

    def find(self, name: str) -> Execution | None:
        """The execution of a name, if there is one."""
        return self.get(name) if rows.by_name(self._database, name) else None

    def newest(self, limit: int) -> list[Summary]:
        """The executions started last, newest first."""
        return [_summary(row) for row in rows.newest(self._database, limit)]

    def selected(
        self, selection: Selection, marker: str, limit: int, *, oldest_first: bool = False
    ) -> tuple[list[Summary], str | None]:
        """A page of the selected executions, newest first, and the marker at which the next one begins."""
        found = rows.selected(self._database, selection, _position(marker), limit + 1, oldest_first=oldest_first)
        page = found[:limit]
        further = f"{page[-1].started_at}.{page[-1].key}" if len(found) > limit else None
        return [_summary(row) for row in page], further

    def operations(self, arn_or_name: str, *, payloads: bool = True) -> list[Operation]:
        """All operations of an execution in the order of their start, the EXECUTION first.

        Without payloads they have neither inputs nor results, and of an error only the beginning of what it says.
        """
        read = operations.every if payloads else operations.every_small
        return read(self._database, self._row(arn_or_name).key or 0)

    def history(self, arn_or_name: str, *, payloads: bool = True) -> list[tuple[int, Event]]:
        """All events of an execution, numbered, in order; with payloads or, likewise, without."""
        read = events.page if payloads else events.small_page
        return read(self._database, self._row(arn_or_name).key or 0, 0, _EVERYTHING)

    def stop(self, arn: str, error: ErrorObject | None = None) -> datetime:
        """End an execution at once; the answer is when it ended. To stop it again changes nothing."""
        with self._journals.open(arn) as journal:
            if journal.row.is_running:
                journal.close(OperationStatus.STOPPED, Outcome(error=error or STOPPED_BY_USER))
            return from_milliseconds(journal.row.ended_at or milliseconds(journal.now))

    def remove_expired(self) -> datetime | None:
        """Remove what has been kept as long as it was to be; the answer is when there will be more to remove."""
        now, earliest = self._journals.clock.now(), rows.earliest_removal(self._database)
        if earliest is None or earliest > now:
            return earliest
        with self._database.transaction():
            rows.remove(self._database, now, _REMOVED_AT_ONCE)
            self._database.note(*NOTHING)
        return rows.earliest_removal(self._database)

    def _check_same(self, row: ExecutionRow, function: str, payload: str | None, tenant_id: str | None) -> None:
        if row.function != function:
            raise ExecutionAlreadyStartedError(
                f"Execution {row.name} belongs to function {row.function}, not {function}; use another name"
            )
        if row.tenant_id != tenant_id:
            raise ExecutionAlreadyStartedError(
                f"Execution {row.name} was started for another tenant; use another name or the same tenant"
            )
        if self._input(row) != payload:
            raise ExecutionAlreadyStartedError(
                f"Execution {row.name} was started with another payload; use another name or the same payload"
            )

    def _input(self, row: ExecutionRow) -> str | None:
        root = operations.by_id(self._database, row.key or 0, row.operation_id)
        return root.execution_details.input_payload if root and root.execution_details else None

    def _row(self, arn_or_name: str) -> ExecutionRow:
        row = rows.by_arn(self._database, arn_or_name) or rows.by_name(self._database, arn_or_name)
        if row is None:
            raise ResourceNotFoundError(f"There is no execution {arn_or_name}")
        return row


def _summary(row: ExecutionRow) -> Summary:
    started = from_milliseconds(row.started_at)
    return Summary(row.arn, row.name, row.function, row.status, started, moment(row.ended_at))


def _position(marker: str) -> tuple[int, int] | None:
    if not marker:
        return None
    found = _MARKER.fullmatch(marker)
    if found is None:
        raise InvalidParameterValueError(f"Marker {marker[:100]!r} is not one that this service has given")
    return int(found[1]), int(found[2])
