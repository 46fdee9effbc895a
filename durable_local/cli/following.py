"""`durable run --endpoint`: begins or finds an execution of a deployed function, and follows it to its end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from durable.model import OperationType
from durable_local.cli import documents
from durable_local.cli.console import ExitCode, command, err, out, say
from durable_local.cli.display import display_on
from durable_local.cli.progress import Progress
from durable_local.cli.remote import RemoteExecutions
from durable_local.cli.reports import print_execution
from durable_local.cli.running import CODES, event_text, fresh_name
from durable_local.errors import ResourceNotFoundError
from durable_local.executions import Execution
from durable_local.history import INVOCATION_COMPLETED
from durable_local.limits import check_execution_name
from durable_local.timeline.spans import Json

_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Following:
    """What is to be run where."""

    function: str
    """Its name or ARN, with the version or alias that AWS asks for."""
    event: Path | None
    name: str | None
    endpoint: str
    as_json: bool

    def command(self, *arguments: str) -> str:
        """The command with other arguments, at the same endpoint."""
        return command(*arguments, "--endpoint", self.endpoint)


def follow(asked: Following) -> ExitCode:
    """Invoke the function under a name, which begins no second execution, and wait until this one has ended."""
    name = asked.name or fresh_name(asked.function.partition(":function:")[2] or asked.function)
    check_execution_name(name)
    source = RemoteExecutions(asked.endpoint, asked.function)
    arn = source.start(asked.function, name, _payload(asked, source))
    try:
        _watch(source, arn)
    except KeyboardInterrupt:
        again = asked.command("run", asked.function, "--name", name)
        say(err(), f"Interrupted. The execution goes on there; follow it again with: {again}", "yellow")
        return ExitCode.INTERRUPTED
    return _report(asked, source, source.get(arn))


def waits_for_the_outside(source: RemoteExecutions, arn: str) -> bool:
    """Whether an execution is suspended until somebody answers a callback, none of which ends by itself."""
    events = source.events(arn, with_data=True)
    awaited = [
        each
        for each in source.operations(arn)
        if not each.status.is_terminal and each.operation_type not in {OperationType.EXECUTION, OperationType.CONTEXT}
    ]
    return (
        bool(awaited)
        and events[-1]["EventType"] == INVOCATION_COMPLETED
        and {each.operation_id for each in awaited} <= _without_timeout(events)
    )


def _without_timeout(events: Sequence[Json]) -> set[str]:
    started = (each for each in events if each["EventType"] == "CallbackStarted")
    return {
        each["Id"]
        for each in started
        if not any((each["CallbackStartedDetails"].get(name) or 0) for name in ("Timeout", "HeartbeatTimeout"))
    }


def _watch(source: RemoteExecutions, arn: str) -> None:
    progress = Progress()
    with display_on(err()) as display:
        while True:
            source.forget()
            is_over = source.get(arn).status != "RUNNING"
            progress.observe(source.operations(arn))
            display.show(progress.lines(), datetime.now(UTC))
            if is_over or waits_for_the_outside(source, arn):
                return
            time.sleep(_POLL_SECONDS)


def _payload(asked: Following, source: RemoteExecutions) -> str:
    if asked.event is not None:
        return event_text(asked.event)
    if asked.name is None:
        return "{}"
    try:
        return source.get(asked.name).input_payload or "{}"
    except ResourceNotFoundError:
        return "{}"  # its first run; that there is no such function is told by the invocation


def _report(asked: Following, source: RemoteExecutions, execution: Execution) -> ExitCode:
    if asked.as_json:
        print(documents.dumps(documents.outcome(execution)))  # noqa: T201 - exactly this, for scripts
        return CODES.get(execution.status, ExitCode.FAILED)
    print_execution(out(), execution, source.operations(execution.arn), datetime.now(UTC))
    if execution.result is not None:
        say(out(), documents.dumps(documents.decoded(execution.result)))
    if execution.status == "RUNNING":
        say(out(), "It waits for an answer from outside.", "yellow")
    say(out(), f"Execution {execution.name}; look again with: {asked.command('show', execution.arn)}")
    return CODES.get(execution.status, ExitCode.FAILED)
