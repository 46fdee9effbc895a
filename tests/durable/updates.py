"""Recorded beginnings and ends of operations, as an earlier invocation left them; `at` is the operation's place."""

from durable.model import (
    ContextOptions,
    ErrorObject,
    OperationAction,
    OperationType,
    OperationUpdate,
    StepOptions,
    WaitOptions,
)
from tests.durable.execution import ident

BOOM = ErrorObject("boom", "ValueError")
Place = tuple[int, ...]


def step(
    action: str, name: str | None = "s", at: Place = (1,), payload: str | None = None, error: ErrorObject | None = None
) -> OperationUpdate:
    options = StepOptions(5) if action == "RETRY" else None
    error = error or (BOOM if action in {"FAIL", "RETRY"} else None)
    return OperationUpdate(
        ident(*at),
        OperationType.STEP,
        OperationAction(action),
        ident(*at[:-1]) or None,
        name,
        "Step",
        payload,
        error,
        step_options=options,
    )


def wait(name: str | None = "w", at: Place = (1,), seconds: int = 5) -> OperationUpdate:
    return OperationUpdate(
        ident(*at),
        OperationType.WAIT,
        OperationAction.START,
        ident(*at[:-1]) or None,
        name,
        "Wait",
        wait_options=WaitOptions(seconds),
    )


def cancelled(start: OperationUpdate) -> OperationUpdate:
    return OperationUpdate(
        start.operation_id, OperationType.WAIT, OperationAction.CANCEL, start.parent_id, start.name, start.sub_type
    )


def context(
    action: str,
    name: str | None = "c",
    at: Place = (1,),
    payload: str | None = None,
    sub_type: str = "RunInChildContext",
    *,
    replay_children: bool = False,
) -> OperationUpdate:
    return OperationUpdate(
        ident(*at),
        OperationType.CONTEXT,
        OperationAction(action),
        ident(*at[:-1]) or None,
        name,
        sub_type,
        payload,
        BOOM if action == "FAIL" else None,
        None if action == "START" else ContextOptions(replay_children),
    )
