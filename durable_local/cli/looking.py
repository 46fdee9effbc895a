"""`durable show`: an execution's operations as a tree, or in time."""

from dataclasses import dataclass
from datetime import datetime

from durable_local.cli import documents
from durable_local.cli.console import out
from durable_local.cli.reports import headline, print_execution
from durable_local.cli.timeline import Timeline
from durable_local.clock import SystemClock
from durable_local.executions import Executions
from durable_local.history import shown


@dataclass(frozen=True, slots=True)
class Looking:
    """Which execution is to be shown, and how."""

    execution: str
    in_time: bool
    complete: bool
    as_json: bool


def look(executions: Executions, asked: Looking) -> None:
    """Print what there is to see."""
    execution, operations = executions.get(asked.execution), executions.operations(asked.execution)
    console, now = out(), SystemClock().now()
    if asked.as_json:
        print(documents.dumps(documents.described(execution, operations)))  # noqa: T201 - exactly this, for scripts
    elif asked.in_time:
        console.print(headline(execution, now))
        events = [shown(event, number, timestamp=_moment) for number, event in executions.history(execution.arn)]
        Timeline(console, execution, events, now).draw(operations, complete=asked.complete)
    else:
        print_execution(console, execution, operations, now, complete=asked.complete)


def _moment(moment: datetime) -> datetime:
    return moment
