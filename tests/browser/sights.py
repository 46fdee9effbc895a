"""A server with something on each page of its console, and where those pages are."""

from durable_local.executions import Execution
from tests.durable_local.console import functions
from tests.durable_local.http.serving import PATIENCE, Served


def sights(served: Served) -> dict[str, str]:
    """What is to be seen → its address below the console's, of a server whose time skips."""
    for hosted in (functions.asks, functions.doubles, functions.fails, functions.invokes, functions.maps):
        served.host(hosted.__name__, hosted)
    served.host("marked", functions.marked)
    ended(served, "doubles", 21, "doubled")
    ended(served, "marked", functions.MARKUP, "marked")
    ended(served, "fails", "no stock", "failed")
    ended(served, "maps", 12, "mapped")
    ended(served, "invokes", 21, "parent")
    served.start_and_ask("asks", {}, "asking")
    return {
        "the list": "",
        "a part of the list": "?status=FAILED",
        "an empty list": "?name=nobody",
        "a mistake": "executions/nobody",
        "the start of an execution": "start",
        "an execution that has succeeded": "executions/parent",
        "markup": "executions/marked",
        "an execution that has failed": "executions/failed",
        "many operations": "executions/mapped",
        "an execution that waits": "executions/asking",
        "a history": "executions/mapped/events",
        "a step that has failed": operation(served, "failed", "charge"),
        "a callback": operation(served, "asking", "approval"),
        "an invoke": operation(served, "parent", "ship"),
    }


def ended(served: Served, function: str, event: object, name: str) -> Execution:
    """An execution that has run to its end."""
    return served.dispatcher.wait(served.start(function, event, name), PATIENCE)


def operation(served: Served, execution: str, name: str) -> str:
    """The address of the last operation of a name."""
    found = [each.operation_id for each in served.runtime.executions.operations(execution) if each.name == name]
    return f"executions/{execution}/operations/{found[-1]}"
