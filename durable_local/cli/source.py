"""Where executions are looked up and told what to do: a database here, a server, or AWS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from durable.model import ErrorObject, Operation
from durable_local.cli.console import UsageError
from durable_local.executions import Execution, Summary
from durable_local.timeline.spans import Json


class Source(Protocol):
    """Durable executions; those that there are not raise ResourceNotFoundError."""

    def newest(self, limit: int) -> Sequence[Summary]:
        """The executions started last, newest first."""

    def get(self, execution: str) -> Execution:
        """One execution, by its name or ARN."""

    def operations(self, execution: str) -> Sequence[Operation]:
        """Its operations in the order of their start, the EXECUTION first."""

    def events(self, execution: str, *, with_data: bool) -> list[Json]:
        """Its history as AWS tells it; moments are datetimes."""

    def stop(self, execution: str, error: ErrorObject | None) -> datetime:
        """End it at once; the answer is when it ended."""

    def succeed(self, callback_id: str, result: str | None) -> None:
        """Answer a callback; one that is closed raises CallbackTimeoutError."""

    def fail(self, callback_id: str, error: ErrorObject) -> None:
        """Answer a callback with a failure."""

    def heartbeat(self, callback_id: str) -> None:
        """Keep a callback open."""


@dataclass(frozen=True, slots=True)
class Where:
    """What the options say of where to look."""

    database: Path
    endpoint: str | None = None
    function: str | None = None

    def source(self) -> Source:
        """The executions there. Raises UsageError if there are none."""
        if self.endpoint:
            from durable_local.cli.remote import RemoteExecutions

            return RemoteExecutions(self.endpoint, self.function)
        from durable_local.cli.local import LocalExecutions

        return LocalExecutions(found(self.database), self.function)


def found(database: Path) -> Path:
    """A database that is there, or a UsageError."""
    if not database.exists():
        raise UsageError(f"There is no database {database}; `durable run` makes one, --database names another")
    return database
