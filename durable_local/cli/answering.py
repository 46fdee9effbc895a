"""`durable callback` and `durable stop`: what the outside tells an execution."""

import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from durable.model import ErrorObject, Operation
from durable_local.cli import documents
from durable_local.cli.console import DEFAULT_DATABASE, UsageError, explained, out, say
from durable_local.cli.options import DatabaseOption, EndpointOption, ExecutionArgument, FunctionOption, JsonOption
from durable_local.cli.source import Source, Where

STANDARD_INPUT = "-"
_EXIT_CODES = "Exit codes: 0 told, 1 the callback is closed, 2 wrong usage, 4 the database or the endpoint has failed."

callback = typer.Typer(
    no_args_is_help=True,
    help="Answer a callback that an execution waits for, as the system outside would: by the operation's name, or by "
    "the callback's id. The id lets everybody answer, so commands never print it, and --id - takes it from stdin.",
)

CallbackExecution = Annotated[
    str | None, typer.Argument(metavar="NAME|ARN", help="The execution that waits.", show_default=False)
]
CallbackName = Annotated[
    str | None, typer.Argument(metavar="OPERATION", help="The callback's name there.", show_default=False)
]
IdOption = Annotated[
    str | None, typer.Option("--id", help="The callback's id instead, or - to read it from stdin.", show_default=False)
]


@callback.command(
    epilog=f"Example: durable callback succeed monday approval --result '{{\"ok\": true}}'. {_EXIT_CODES}"
)
def succeed(
    execution: CallbackExecution = None,
    operation: CallbackName = None,
    callback_id: IdOption = None,
    result: Annotated[str | None, typer.Option(help="The answer, mostly JSON; none if it is left out.")] = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
) -> None:
    """Answer a callback with a result; the execution goes on."""
    _tell(
        Where(database, endpoint, function),
        (execution, operation, callback_id),
        "Answered",
        lambda source, known: source.succeed(known, result),
    )


@callback.command(epilog=f"Example: durable callback fail monday approval --message 'not this week'. {_EXIT_CODES}")
def fail(
    execution: CallbackExecution = None,
    operation: CallbackName = None,
    callback_id: IdOption = None,
    message: Annotated[str | None, typer.Option(help="What has gone wrong.")] = None,
    error_type: Annotated[str | None, typer.Option(help="The kind of error, such as PaymentDeclined.")] = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
) -> None:
    """Answer a callback with a failure; the execution goes on with an error."""
    error = ErrorObject(message, error_type)
    _tell(
        Where(database, endpoint, function),
        (execution, operation, callback_id),
        "Answered with a failure",
        lambda source, known: source.fail(known, error),
    )


@callback.command(epilog=f"Example: durable callback heartbeat monday approval. {_EXIT_CODES}")
def heartbeat(
    execution: CallbackExecution = None,
    operation: CallbackName = None,
    callback_id: IdOption = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
) -> None:
    """Tell that the answer is still being worked on: the heartbeat timeout begins anew."""
    _tell(
        Where(database, endpoint, function),
        (execution, operation, callback_id),
        "Kept open",
        lambda source, known: source.heartbeat(known),
    )


def stop(
    execution: ExecutionArgument,
    message: Annotated[str | None, typer.Option(help="Why, for the execution's error.")] = None,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """End an execution at once and for good; what its steps have done is not undone."""
    with explained():
        source = Where(database, endpoint, function).source()
        before = source.get(execution)
        if before.status == "RUNNING":
            source.stop(before.arn, ErrorObject(message) if message else None)
        after = Where(database, endpoint, function).source().get(before.arn)
    if as_json:
        print(documents.dumps(documents.summary(after)))  # noqa: T201 - exactly this, for scripts
    elif before.status == "RUNNING":
        say(out(), f"Execution {after.name} is {after.status.lower()}.")
    else:
        say(out(), f"Execution {after.name} was over before, {after.status}; nothing has changed.")


def open_callback(operations: Sequence[Operation], name: str) -> str:
    """The id of the one open callback with a name of its own, or of the operation that has made it.

    Raises UsageError if there is none, or more than one.
    """
    names = {each.operation_id: each.name for each in operations}
    is_open = [each for each in operations if each.callback_details and not each.status.is_terminal]
    meant = [each for each in is_open if name in {each.name, names.get(each.parent_id or "")}]
    if not meant:
        told = ", ".join(sorted(filter(None, (each.name for each in is_open)))) or "none"
        raise UsageError(f"It has no open callback {name}; open are: {told}")
    if len(meant) > 1:
        raise UsageError(f"{len(meant)} of its open callbacks are named {name}; hand in one's id with --id -")
    return meant[0].callback_details.callback_id if meant[0].callback_details else ""


def _tell(
    where: Where, called: tuple[str | None, str | None, str | None], done: str, tell: Callable[[Source, str], None]
) -> None:
    with explained():
        source = where.source()
        tell(source, _known(source, *called))
    say(out(), f"{done}.")


def _known(source: Source, execution: str | None, operation: str | None, callback_id: str | None) -> str:
    if callback_id and not execution:
        return sys.stdin.readline().strip() if callback_id == STANDARD_INPUT else callback_id
    if not execution or not operation or callback_id:
        raise UsageError("Which callback? Give the execution and the operation's name, or --id alone")
    return open_callback(source.operations(execution), operation)
