"""The world around an execution: the functions it invokes, and those who answer its callbacks."""

from typing import Any

from durable.model import CallbackDetails, ErrorObject, OperationStatus
from durable_local.hosts.events import envelope
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import PlainFunction, ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest
from tests.durable.programs import Effect
from tests.interop.sdks import Sdk

REFUSAL = ErrorObject("Not this time", "Outside.Refused", "the reason", ["outside, line 1"])
NEVER_ANSWERED = "never"


def register_functions(execution: ExecutionUnderTest, sdk: Sdk, effect: Effect) -> None:
    """Let an execution invoke two durable functions, on this SDK, and two plain ones."""

    def durable(names: Any, context: Any, effect: Effect) -> object:
        context.wait(names.Duration(5))
        return context.step(lambda _: {"done": effect("invoked")})

    def failing(_names: Any, context: Any, effect: Effect) -> object:
        context.step(lambda _: effect("failing"))
        raise ValueError("the invoked function failed")

    def plain(payload: object, _context: object) -> object:
        return [effect(f"plain#{payload}"), payload]

    def plain_failing(_payload: object, _context: object) -> object:
        raise OSError("the plain function failed")

    functions = execution.runtime.functions
    for name, program in (("durable", durable), ("failing", failing)):
        handler = sdk.handler(program, execution.runtime.service, effect)
        functions[name] = Function(ThreadHost(warm(handler), envelope))
    functions["plain"] = PlainFunction(warm(plain))
    functions["plain-failing"] = PlainFunction(warm(plain_failing))


def answer_callbacks(execution: ExecutionUnderTest) -> None:
    """Answer the callbacks that are open, as their names ask for; there must be some."""
    open_callbacks = _open_callbacks(execution)
    assert open_callbacks, "The execution waits, and for nothing that the outside could do"
    for name, details in open_callbacks:
        _answer(execution, name, details)


def _open_callbacks(execution: ExecutionUnderTest) -> list[tuple[str, CallbackDetails]]:
    return [
        (each.name or "", each.callback_details)
        for each in execution.operations
        if each.callback_details and each.status is OperationStatus.STARTED and each.name != NEVER_ANSWERED
    ]


def _answer(execution: ExecutionUnderTest, name: str, details: CallbackDetails) -> None:
    if name.startswith("refused"):
        execution.runtime.callbacks.fail(details.callback_id, REFUSAL)
    else:
        execution.runtime.callbacks.succeed(details.callback_id, f'"the answer to {name}"')
