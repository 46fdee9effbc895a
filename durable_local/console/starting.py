"""The page that starts an execution, and what it asks for."""

import json

from durable_local.console import addresses
from durable_local.console.action import Done, json_of
from durable_local.console.page import Asked, Sheet
from durable_local.console.samples import Samples
from durable_local.errors import InvalidParameterValueError, ResourceNotFoundError
from durable_local.runtime import LocalRuntime
from durable_local.starting import VERSION

_EMPTY = "{}"


def starting(samples: Samples, runtime: LocalRuntime, _path: Asked, query: Asked) -> Sheet:
    """The form, for the function and with the sample event that the query names, or with the first ones."""
    functions = sorted(name for name, each in runtime.functions.items() if each.is_durable)
    function = query.get("function") or next(iter(functions), "")
    if function and function not in functions:
        raise ResourceNotFoundError(f"No durable function of this server is named {function[:100]}")
    own, others = samples.of(function)
    sample = query.get("sample") or next(iter(own), "")
    values = {
        "functions": functions,
        "function": function,
        "version": VERSION,
        "own": own,
        "others": others,
        "sample": sample,
        "event": samples.text(sample).rstrip("\n") if sample else _EMPTY,
    }
    return Sheet("start.html", values)


def start(runtime: LocalRuntime, _path: Asked, given: Asked) -> Done:
    """Start an execution as `durable run` does, or find the one that was started just so under this name."""
    function, name = given.get("function", "").partition(":")[0], given.get("name", "").strip() or None
    event = _written(given.get("event", ""))
    known = runtime.executions.find(name) if name else None
    execution = runtime.executions.get(runtime.start(function, event, name))
    to = addresses.execution(execution.name)
    if known:
        return Done(f"Execution {execution.name} was started before with the same event: this is it.", to)
    return Done(f"Execution {execution.name} has started.", to)


def _written(event: str) -> str:
    """An event as the command line writes it, so that both mean the same execution by a name."""
    try:
        return json.dumps(json_of(event, "The event"), allow_nan=False)
    except ValueError as error:
        raise InvalidParameterValueError(f"The event holds a number that is too large for JSON: {error}") from error
