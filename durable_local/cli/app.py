"""The commands and their options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from durable_local.cli.answering import callback, stop
from durable_local.cli.choices import OVERRIDES, PORT, TEMPLATE, ClockKind, HostKind, QuotaKind
from durable_local.cli.console import DEFAULT_DATABASE, explained
from durable_local.cli.options import (
    DatabaseOption,
    DurabilityOption,
    EndpointOption,
    ExecutionArgument,
    FunctionOption,
    JsonOption,
    OverridesOption,
    QuotasOption,
    TemplateOption,
)
from durable_local.cli.source import Where, found
from durable_local.cost.bill import Architecture
from durable_local.cost.prices import US_EAST_1
from durable_local.store.database import Durability

app = typer.Typer(
    help="Run AWS Lambda durable functions on this machine, and look at their executions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_EXIT_CODES = (
    "Exit codes: 0 succeeded, 1 failed, timed out or stopped, 2 wrong usage, 3 waits for an answer from outside, "
    "4 the database cannot be used or another process has taken over, 130 interrupted."
)


@app.command(
    epilog=f"Example: durable run app.entrypoints.pipeline.handler --event events/pipeline.json --name monday. "
    f"{_EXIT_CODES}"
)
def run(
    function: Annotated[
        str,
        typer.Argument(
            help="A function of the template, or a handler as Lambda spells it: module.function; with --endpoint a "
            "deployed function and its alias or version, name:alias."
        ),
    ],
    event: Annotated[
        Path | None, typer.Option(help="A file with the event as JSON; without it {} or, for a name, its first event.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The execution's name; one used before is resumed.")] = None,
    template: TemplateOption = TEMPLATE,
    overrides: OverridesOption = OVERRIDES,
    database: DatabaseOption = DEFAULT_DATABASE,
    durability: DurabilityOption = Durability.PROCESS,
    quotas: QuotasOption = QuotaKind.AWS,
    # Not from the environment: what is meant to run here must not run at AWS.
    endpoint: Annotated[
        str | None,
        typer.Option(metavar="aws|URL", help="Run a deployed function there instead, and follow it to its end."),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Run a durable function to its end; a killed run goes on where it was when run again under its name."""
    if endpoint:
        from durable_local.cli.following import Following, follow

        with explained():
            code = follow(Following(function, event, name, endpoint, as_json))
        raise typer.Exit(code)
    from durable_local.cli.running import Request
    from durable_local.cli.running import run as run_request
    from durable_local.cli.target import Target

    with explained():
        target = Target(function.replace(":", "."), template, overrides)
        code = run_request(Request(target, event, name, database, durability, quotas, as_json))
    raise typer.Exit(code)


@app.command(epilog="Example: durable start --host processes --port 9010. SIGINT (Ctrl-C) and SIGTERM stop it.")
def start(
    template: TemplateOption = TEMPLATE,
    overrides: OverridesOption = OVERRIDES,
    host: Annotated[
        HostKind, typer.Option(help="Threads of this process, for a debugger, or processes of their own, as in Lambda.")
    ] = HostKind.THREADS,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="On 127.0.0.1; 0 is any that is free.")] = PORT,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=f"How many invocations run at once; {HostKind.THREADS.workers} in threads, "
            f"{HostKind.PROCESSES.workers} in processes.",
        ),
    ] = None,
    python: Annotated[
        Path, typer.Option(help="What runs the processes; it needs awslambdaric, and what the functions import.")
    ] = Path(sys.executable),
    clock: Annotated[
        ClockKind, typer.Option(help="Skipping lets waits, retries and timeouts pass at once.")
    ] = ClockKind.SYSTEM,
    database: DatabaseOption = DEFAULT_DATABASE,
    durability: DurabilityOption = Durability.PROCESS,
    quotas: QuotasOption = QuotaKind.AWS,
) -> None:
    """Host the functions of a template behind the Lambda API on this machine, until it is stopped."""
    from durable_local.cli.serving import Serving, serve

    with explained():
        serve(Serving(template, overrides, host, python, workers, port, database, durability, clock, quotas))


@app.command("list", epilog="Example: durable list --limit 5")
def list_(
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List the executions started last, newest first."""
    from durable_local.cli.looking import show_list

    with explained():
        show_list(Where(database, endpoint, function), limit, as_json=as_json)


@app.command(epilog="Example: durable show monday --timeline")
def show(
    execution: ExecutionArgument,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    in_time: Annotated[bool, typer.Option("--timeline", help="Draw the operations in time, as bars.")] = False,
    complete: Annotated[bool, typer.Option("--all", help="Also the operations that are only counted.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Write the timeline to this file as a picture instead.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show an execution's operations as a tree with durations, attempts, waits and errors; no payloads."""
    from durable_local.cli.looking import Looking
    from durable_local.cli.looking import show as show_execution

    with explained():
        show_execution(Where(database, endpoint, function), Looking(execution, in_time, complete, as_json, svg))


@app.command(epilog="Example: durable history monday --include-execution-data --json")
def history(
    execution: ExecutionArgument,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    include_execution_data: Annotated[bool, typer.Option("--include-execution-data", help="Payloads too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what happened in an execution, event by event, as AWS tells it."""
    from durable_local.cli.looking import show_history

    with explained():
        where = Where(database, endpoint, function)
        show_history(where, execution, with_data=include_execution_data, as_json=as_json)


app.add_typer(callback, name="callback", short_help="Answer a callback that an execution waits for.")
app.command(epilog="Example: durable stop monday --message 'wrong customer'")(stop)


@app.command(epilog="Example: durable export monday > history.json")
def export(
    execution: ExecutionArgument,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
) -> None:
    """Print an execution's history with all data, as `aws lambda get-durable-execution-history` gives it."""
    from durable_local.cli.looking import show_history

    with explained():
        show_history(Where(database, endpoint, function), execution, with_data=True, as_json=True)


@app.command(
    epilog="Example: durable replay monday app.entrypoints.pipeline.handler. "
    "Exit codes: 0 compatible, 1 not, 2 wrong usage."
)
def replay(
    history: Annotated[
        str,
        typer.Argument(
            metavar="HISTORY|NAME|ARN",
            help="A file with what `aws lambda get-durable-execution-history --include-execution-data` gives, "
            "- for stdin, or an execution.",
        ),
    ],
    handler: Annotated[
        str, typer.Argument(metavar="HANDLER", help="Today's code, as Lambda spells it: module.function.")
    ],
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    at_every_cut: Annotated[
        bool, typer.Option("--every-cut", help="Also the history as it was after each of its events.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check that today's code goes on with a recorded execution as it began; no step runs and nothing is sent."""
    from durable_local.cli.replaying import Replaying
    from durable_local.cli.replaying import replay as replay_history

    with explained():
        where = Where(database, endpoint, function)
        code = replay_history(Replaying(history, handler, where, at_every_cut, as_json))
    raise typer.Exit(code)


@app.command(epilog="Example: durable cost monday --memory 512")
def cost(
    execution: ExecutionArgument,
    template: TemplateOption = TEMPLATE,
    overrides: OverridesOption = OVERRIDES,
    memory: Annotated[
        int | None,
        typer.Option(min=128, max=10_240, help="In MB, of all its functions; without it what the template says."),
    ] = None,
    architecture: Annotated[
        Architecture, typer.Option(help="The processor that the functions run on.")
    ] = Architecture.ARM64,
    prices: Annotated[
        Path, typer.Option(help="A file with the prices of a region.", show_default="those of us-east-1")
    ] = US_EAST_1,
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Tell what an execution costs at AWS, alone and a million times, beside Step Functions."""
    from durable_local.cli.costs import Costing
    from durable_local.cli.costs import cost as tell_cost

    with explained():
        where = Where(database, endpoint, function)
        tell_cost(Costing(execution, where, template, overrides, memory, architecture, prices, as_json))


@app.command(epilog="Example: durable doctor --json. Exit codes: 0 sound, 1 not, 4 not to be opened or asked.")
def doctor(
    database: DatabaseOption = DEFAULT_DATABASE,
    endpoint: EndpointOption = None,
    function: FunctionOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Look for damage, losses and contradictions in a database; or whether an endpoint answers, and has a function.

    The database may be in use meanwhile.
    """
    from durable_local.cli.doctor import ask, examine_file

    with explained():
        where = Where(database, endpoint, function)
        code = ask(where, as_json=as_json) if endpoint else examine_file(found(database), as_json=as_json)
    raise typer.Exit(code)
