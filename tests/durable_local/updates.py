"""Updates as an SDK sends them, short enough to read in a test."""

from durable.model import (
    CallbackOptions,
    ChainedInvokeOptions,
    ContextOptions,
    ErrorObject,
    OperationAction,
    OperationType,
    OperationUpdate,
    StepOptions,
    WaitOptions,
)

ERROR = ErrorObject("boom", "ValueError")


def step(action: str, id_: str = "s", *, payload: str | None = None, parent: str | None = None) -> OperationUpdate:
    return OperationUpdate(
        id_, OperationType.STEP, OperationAction(action), parent, "charge", "Step", payload, _error(action)
    )


def retry(id_: str = "s", delay: int = 5, payload: str | None = None) -> OperationUpdate:
    error = ERROR if payload is None else None
    options = StepOptions(delay)
    return OperationUpdate(
        id_, OperationType.STEP, OperationAction.RETRY, None, "charge", "Step", payload, error, step_options=options
    )


def wait(id_: str = "w", seconds: int = 60, parent: str | None = None) -> OperationUpdate:
    return OperationUpdate(
        id_,
        OperationType.WAIT,
        OperationAction.START,
        parent,
        "pause",
        "Wait",
        wait_options=WaitOptions(seconds),
    )


def cancel(id_: str = "w") -> OperationUpdate:
    return OperationUpdate(id_, OperationType.WAIT, OperationAction.CANCEL, None, "pause", "Wait")


def callback(id_: str = "c", timeout: int = 0, heartbeat: int = 0) -> OperationUpdate:
    return OperationUpdate(
        id_,
        OperationType.CALLBACK,
        OperationAction.START,
        None,
        "approval",
        "Callback",
        callback_options=CallbackOptions(timeout, heartbeat),
    )


def invoke(id_: str = "i", target: str = "other:live", tenant: str | None = None) -> OperationUpdate:
    return OperationUpdate(
        id_,
        OperationType.CHAINED_INVOKE,
        OperationAction.START,
        None,
        "call",
        "ChainedInvoke",
        '{"n":1}',
        chained_invoke_options=ChainedInvokeOptions(target, tenant),
    )


def context(
    action: str, id_: str = "x", *, payload: str | None = None, parent: str | None = None, replay_children: bool = False
) -> OperationUpdate:
    options = None if action == "START" else ContextOptions(replay_children)
    return OperationUpdate(
        id_,
        OperationType.CONTEXT,
        OperationAction(action),
        parent,
        "branch",
        "RunInChildContext",
        payload,
        _error(action),
        options,
    )


def execution(action: str, payload: str | None = None) -> OperationUpdate:
    return OperationUpdate(
        "execution-result-1", OperationType.EXECUTION, OperationAction(action), payload=payload, error=_error(action)
    )


def _error(action: str) -> ErrorObject | None:
    return ERROR if action == "FAIL" else None
