"""`durable list`, `show` and `history`: executions and what they consist of."""

from dataclasses import dataclass
from pathlib import Path

from durable_local.cli import documents
from durable_local.cli.console import UsageError, out, say, shown
from durable_local.cli.reports import headline, print_execution, print_history, print_list
from durable_local.cli.source import Where
from durable_local.cli.timeline import Drawing
from durable_local.clock import SystemClock
from durable_local.executions import Execution
from durable_local.timeline.rows import Timeline, Told, timeline
from durable_local.timeline.svg import standalone


@dataclass(frozen=True, slots=True)
class Looking:
    """Which execution is to be shown, and how."""

    execution: str
    in_time: bool
    complete: bool
    as_json: bool
    svg: Path | None = None
    """Where to write the timeline."""


def show_list(where: Where, limit: int, *, as_json: bool) -> None:
    """Print the executions started last; a database that is not there has none."""
    newest = where.source().newest(limit) if where.endpoint or where.database.exists() else []
    if as_json:
        _print([documents.summary(each) for each in newest])
    else:
        print_list(out(), newest, SystemClock().now())


def show(where: Where, asked: Looking) -> None:
    """Print an execution's operations, as a tree or in time."""
    if asked.svg and (asked.as_json or asked.in_time):
        raise UsageError("--svg writes the timeline to a file; it goes with neither --json nor --timeline")
    source = where.source()
    execution = source.get(asked.execution)
    operations = source.operations(execution.arn)
    console, now = out(), SystemClock().now()
    if asked.as_json:
        _print(documents.described(execution, operations))
    elif asked.in_time or asked.svg:
        told = Told(operations, source.events(execution.arn, with_data=True), now, execution.invoked)
        _draw(execution, timeline(execution.started, execution.ended, told, complete=asked.complete), asked.svg)
    else:
        print_execution(console, execution, operations, now, complete=asked.complete)


def show_history(where: Where, execution: str, *, with_data: bool, as_json: bool) -> None:
    """Print what happened in an execution, event by event."""
    events = where.source().events(execution, with_data=with_data)
    if as_json:
        _print({"Events": events})
    else:
        print_history(out(), events)


def _draw(execution: Execution, drawn: Timeline, svg: Path | None) -> None:
    console = out()
    if svg is None:
        console.print(headline(execution, drawn.ended))
        Drawing(console, drawn).draw()
        return
    try:
        svg.write_text(standalone(execution, drawn), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{svg} cannot be written: {error.strerror}") from error
    say(console, f"Wrote {shown(svg)}")


def _print(document: object) -> None:
    print(documents.dumps(document))  # noqa: T201 - exactly this, for scripts
