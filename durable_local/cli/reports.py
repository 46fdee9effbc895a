"""Executions for people to read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from durable.model import Operation, OperationStatus
from durable_local.cli.wording import COLOURS, clock_time
from durable_local.executions import Execution, Summary
from durable_local.timeline.outline import Node, Omission, outline, tree
from durable_local.wording import due, duration, error_line, label, mark

_UNTOLD = {"RequestId", "CallbackId"}
"""One tells people nothing, the other is a secret; both are in the JSON."""
_STATUS_COLOURS = {"SUCCEEDED": "green", "RUNNING": "cyan", "STOPPED": "yellow"}


def print_execution(
    console: Console, execution: Execution, operations: Sequence[Operation], now: datetime, *, complete: bool = False
) -> None:
    """The tree of an execution's operations with their durations; no payloads, and long rows cut short."""
    root = Tree(headline(execution, now), guide_style="dim")
    _grow(root, tree(operations), now, complete=complete)
    console.print(root)
    if execution.error:
        console.print(Text(error_line(execution.error), style="red"))


def headline(execution: Execution, now: datetime) -> Text:
    """An execution in one line."""
    return Text.assemble(
        (execution.name, "bold"),
        "  ",
        (execution.status, _STATUS_COLOURS.get(execution.status, "red")),
        f"  {duration(execution.started, execution.ended or now)}  {_invocations(execution.invocations)}",
    )


def print_list(console: Console, executions: Sequence[Summary], now: datetime) -> None:
    """One row per execution."""
    if not executions:
        console.print("No executions yet; start one with: durable run FUNCTION --event FILE")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("NAME", overflow="fold")
    for heading in ("STATUS", "STARTED", "TOOK"):
        table.add_column(heading, no_wrap=True)
    table.add_column("FUNCTION", overflow="fold")
    for each in executions:
        status = Text(each.status, style=_STATUS_COLOURS.get(each.status, "red"))
        took = duration(each.started, each.ended or now)
        table.add_row(each.name, status, clock_time(each.started, now), took, each.function)
    console.print(table)


def print_history(console: Console, events: Iterable[Mapping[str, Any]]) -> None:
    """One row per event."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("TIME", no_wrap=True)
    table.add_column("EVENT", no_wrap=True)
    table.add_column("NAME", overflow="fold")
    table.add_column("DETAILS", overflow="fold")
    for event in events:
        at: datetime = event["EventTimestamp"]
        kind = event["EventType"]
        table.add_row(
            str(event["EventId"]),
            f"{at.astimezone():%H:%M:%S}.{at.microsecond // 1000:03}",
            Text(kind, style="red" if kind.endswith(("Failed", "TimedOut")) else ""),
            Text(event.get("Name", "")),
            Text(_details(event[f"{kind}Details"])),
        )
    console.print(table)


def _grow(branch: Tree, nodes: Sequence[Node], now: datetime, *, complete: bool) -> None:
    for node in outline(nodes, complete=complete):
        if isinstance(node, Omission):
            branch.add(Text(node.words(), style="dim"))
        else:
            _grow(branch.add(_operation(node, now)), node.children, now, complete=complete)


def _operation(node: Node, now: datetime) -> Text:
    operation = node.operation
    sign = mark(operation.status)
    took = "left open" if node.is_left_open else duration(operation.start_timestamp, node.over or now)
    text = Text.assemble((sign, COLOURS[sign]), " ", label(operation))
    text.append(f"  {operation.sub_type or operation.operation_type}", style="dim")
    text.append(f"  {took}", style="dim")
    if operation.step_details and operation.step_details.attempt > 1:
        text.append(f"  {operation.step_details.attempt} attempts", style="yellow")
    if (until := due(operation)) and node.over is None:
        text.append(f"  until {clock_time(until, now)}", style="yellow")
    if operation.error and operation.status is not OperationStatus.SUCCEEDED:
        text.append(f"  {error_line(operation.error)}", style="red")
    return text


def _invocations(count: int) -> str:
    return f"{count} invocation{'' if count == 1 else 's'}"


def _details(details: Mapping[str, Any]) -> str:
    parts = []
    for member, value in details.items():
        if isinstance(value, Mapping):
            parts += [f"{name} {inner}" for name, inner in value.items() if name != "Truncated"]
        elif member not in _UNTOLD and not isinstance(value, datetime):
            parts.append(f"{member} {value}")
    return " · ".join(parts)
