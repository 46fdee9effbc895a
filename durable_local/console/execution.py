"""The page of one execution: what it is, its timeline, and its operations as a tree."""

from typing import Any

from durable_local.console import addresses
from durable_local.console.answering import waiting
from durable_local.console.chart import chart
from durable_local.console.content import beginning, failure
from durable_local.console.locations import locations
from durable_local.console.page import Asked, Sheet
from durable_local.history import shown
from durable_local.runtime import LocalRuntime
from durable_local.store import listing, payloads
from durable_local.timeline.outline import Node, Omission, outline, tree
from durable_local.timeline.rows import Told, timeline
from durable_local.timeline.spans import Json

_FEW = 10
"""How many callbacks are answered on the page of their execution."""


def execution(runtime: LocalRuntime, path: Asked, query: Asked) -> Sheet:
    """One execution; with `all` in the query no operation is only counted."""
    told, complete = runtime.executions.get(path["name"], payloads=False), "all" in query
    operations, now = runtime.executions.operations(told.arn, payloads=False), runtime.journals.clock.now()
    events: list[Json] = [
        shown(event, number, include_execution_data=False, timestamp=lambda moment: moment)
        for number, event in runtime.executions.history(told.arn, payloads=False)
    ]
    drawn = timeline(told.started, told.ended, Told(operations, events, now, told.invoked), complete=complete)
    database = runtime.journals.database
    values = {
        "execution": told,
        "now": now,
        "given": beginning(payloads.given(database, told.arn, operations[0].operation_id)),
        "result": beginning(payloads.result(database, told.arn)),
        "failure": failure(told.error),
        "waiting": waiting(told, operations),
        "few": _FEW,
        "parent": listing.parent(database, told.arn),
        "children": listing.children(database, told.arn),
        "chart": chart(drawn, lambda each: addresses.operation(told.name, each.operation_id)),
        "is_cut": not complete and any(row.operation is None for row in drawn.rows),
        "locations": locations(runtime, told.function),
        "nodes": _nested(tree(operations), complete=complete),
        "events": len(events),
    }
    return Sheet("execution.html", values)


def _nested(nodes: list[Node], *, complete: bool) -> list[dict[str, Any]]:
    """The outline as the template takes it apart: each node with those inside it."""
    return [
        {"omitted": each.words()}
        if isinstance(each, Omission)
        else {"node": each, "children": _nested(each.children, complete=complete)}
        for each in outline(nodes, complete=complete)
    ]
