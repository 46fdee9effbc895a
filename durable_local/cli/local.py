"""The executions of a database on this machine, and the server that runs them if there is one."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from durable.model import ErrorObject, Operation
from durable_local.cli.address import address
from durable_local.cli.remote import RemoteExecutions
from durable_local.clock import SystemClock
from durable_local.executions import Execution, Summary
from durable_local.history import shown
from durable_local.runtime import LocalRuntime
from durable_local.store.database import Database, StoreError
from durable_local.store.executions import Selection
from durable_local.timeline.spans import Json


class LocalExecutions:
    """Reads the file itself; writes through the server that has it, which must wake up, or else itself."""

    def __init__(self, path: Path, function: str | None = None) -> None:
        self._path, self._function = path, function
        self._runtime = LocalRuntime(Database(path), SystemClock())

    def newest(self, limit: int) -> Sequence[Summary]:
        """The executions started last, newest first."""
        if self._function is None:
            return self._runtime.executions.newest(limit)
        return self._runtime.executions.selected(Selection(self._function), "", limit)[0]

    def get(self, execution: str) -> Execution:
        """One execution, by its name or ARN."""
        return self._runtime.executions.get(execution)

    def operations(self, execution: str) -> Sequence[Operation]:
        """Its operations in the order of their start, the EXECUTION first."""
        return self._runtime.executions.operations(execution)

    def events(self, execution: str, *, with_data: bool) -> list[Json]:
        """Its history as AWS tells it; moments are datetimes."""
        return [
            shown(event, number, include_execution_data=with_data, timestamp=_unchanged)
            for number, event in self._runtime.executions.history(execution)
        ]

    def stop(self, execution: str, error: ErrorObject | None) -> datetime:
        """End it at once; the answer is when it ended."""
        arn = self.get(execution).arn
        return server.stop(arn, error) if (server := self._server()) else self._runtime.executions.stop(arn, error)

    def succeed(self, callback_id: str, result: str | None) -> None:
        """Answer a callback."""
        (self._server() or self._runtime.callbacks).succeed(callback_id, result)

    def fail(self, callback_id: str, error: ErrorObject) -> None:
        """Answer a callback with a failure."""
        (self._server() or self._runtime.callbacks).fail(callback_id, error)

    def heartbeat(self, callback_id: str) -> None:
        """Keep a callback open."""
        (self._server() or self._runtime.callbacks).heartbeat(callback_id)

    def _server(self) -> RemoteExecutions | None:
        try:
            self._runtime.journals.database.hold(alone=False)  # while this process lives no server begins
        except StoreError:
            if url := address(self._path):
                return RemoteExecutions(url)
            raise
        return None


def _unchanged(moment: datetime) -> datetime:
    return moment
