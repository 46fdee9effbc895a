"""Operations and updates as the service keeps them; plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NoReturn, Self

from durable.error_object import ErrorObject as ErrorObject
from durable.exceptions import RecordedError
from durable.values import Value


class _Word(StrEnum):
    """A word of the service; one that it has learned since is kept, and refused by the operation that it concerns."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        unknown = str.__new__(cls, value)
        unknown._name_ = unknown._value_ = str(value)
        return unknown


class OperationType(_Word):
    """The kinds of operations."""

    EXECUTION = "EXECUTION"
    CONTEXT = "CONTEXT"
    STEP = "STEP"
    WAIT = "WAIT"
    CALLBACK = "CALLBACK"
    CHAINED_INVOKE = "CHAINED_INVOKE"


class OperationSubType(StrEnum):
    """What an operation is to the SDK; users may give steps, callbacks and child contexts names of their own."""

    STEP = "Step"
    WAIT = "Wait"
    CALLBACK = "Callback"
    RUN_IN_CHILD_CONTEXT = "RunInChildContext"
    MAP = "Map"
    MAP_ITERATION = "MapIteration"
    PARALLEL = "Parallel"
    PARALLEL_BRANCH = "ParallelBranch"
    WAIT_FOR_CALLBACK = "WaitForCallback"
    WAIT_FOR_CONDITION = "WaitForCondition"
    CHAINED_INVOKE = "ChainedInvoke"


class OperationAction(StrEnum):
    """What an update asks the service to do."""

    START = "START"
    SUCCEED = "SUCCEED"
    FAIL = "FAIL"
    RETRY = "RETRY"
    CANCEL = "CANCEL"


class OperationStatus(_Word):
    """Where an operation stands."""

    STARTED = "STARTED"
    PENDING = "PENDING"
    READY = "READY"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"
    STOPPED = "STOPPED"

    @property
    def is_terminal(self) -> bool:
        """Whether the operation has ended; one with an unknown status is not waited for."""
        return self not in _OPEN


_OPEN = frozenset({OperationStatus.STARTED, OperationStatus.PENDING, OperationStatus.READY})


class CallbackTimeoutType(StrEnum):
    """The error types under which the service records a callback nobody answered."""

    TIMEOUT = "Callback.Timeout"
    HEARTBEAT = "Callback.Heartbeat"


class InvocationStatus(StrEnum):
    """What a handler answers; RETRY is known to plugins only and never sent."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    PENDING = "PENDING"
    RETRY = "RETRY"


@dataclass(frozen=True, slots=True)
class ExecutionDetails:
    """The execution's input, as JSON text."""

    input_payload: str | None = None


@dataclass(frozen=True, slots=True)
class ContextDetails:
    """The end of a child context; with `replay_children` its body is run again over its recorded operations."""

    replay_children: bool = False
    result: str | None = None
    error: ErrorObject | None = None


@dataclass(frozen=True, slots=True)
class StepDetails:
    """A step's finished attempts and, while PENDING, when the next one is due."""

    attempt: int = 0
    next_attempt_timestamp: datetime | None = None
    result: str | None = None
    error: ErrorObject | None = None


@dataclass(frozen=True, slots=True)
class WaitDetails:
    """When a wait ends."""

    scheduled_end_timestamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallbackDetails:
    """A callback's id, which is a bearer secret, and its answer."""

    callback_id: str = ""
    result: str | None = None
    error: ErrorObject | None = None


@dataclass(frozen=True, slots=True)
class ChainedInvokeDetails:
    """What an invoked function answered."""

    result: str | None = None
    error: ErrorObject | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """A recorded unit, as the service tells it."""

    operation_id: str = field(metadata={"wire": "Id"})
    operation_type: OperationType = field(metadata={"wire": "Type"})
    status: OperationStatus
    parent_id: str | None = None
    name: str | None = None
    start_timestamp: datetime | None = None
    end_timestamp: datetime | None = None
    sub_type: str | None = None
    execution_details: ExecutionDetails | None = None
    context_details: ContextDetails | None = None
    step_details: StepDetails | None = None
    wait_details: WaitDetails | None = None
    callback_details: CallbackDetails | None = None
    chained_invoke_details: ChainedInvokeDetails | None = None

    @property
    def result(self) -> str | None:
        """The recorded result, as its serdes wrote it."""
        return getattr(self._ending, "result", None)

    @property
    def error(self) -> ErrorObject | None:
        """The recorded error."""
        return getattr(self._ending, "error", None)

    def raise_as(self, error: type[RecordedError]) -> NoReturn:
        """Raise the recorded error as an error of the given class."""
        told = f"{self.operation_type} {self.name or self.operation_id} is {self.status} without an error object."
        (self.error or ErrorObject(told)).raise_as(error)

    @property
    def _ending(self) -> Value:
        return self.step_details or self.context_details or self.callback_details or self.chained_invoke_details


@dataclass(frozen=True, slots=True)
class StepOptions:
    """How long until the next attempt, in seconds."""

    next_attempt_delay_seconds: int = 0


@dataclass(frozen=True, slots=True)
class WaitOptions:
    """How long to wait, in seconds."""

    wait_seconds: int = 1


@dataclass(frozen=True, slots=True)
class CallbackOptions:
    """How long to wait for the answer and between heartbeats, in seconds; 0 is for ever."""

    timeout_seconds: int = 0
    heartbeat_timeout_seconds: int = 0


@dataclass(frozen=True, slots=True)
class ChainedInvokeOptions:
    """Which function to invoke."""

    function_name: str
    tenant_id: str | None = None
    x_amzn_trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class ContextOptions:
    """Whether a closed context is rebuilt from its recorded operations."""

    replay_children: bool = False


@dataclass(frozen=True, slots=True)
class OperationUpdate:
    """What the SDK asks the service to record."""

    operation_id: str = field(metadata={"wire": "Id"})
    operation_type: OperationType = field(metadata={"wire": "Type"})
    action: OperationAction
    parent_id: str | None = None
    name: str | None = None
    sub_type: str | None = None
    payload: str | None = None
    error: ErrorObject | None = None
    context_options: ContextOptions | None = None
    step_options: StepOptions | None = None
    wait_options: WaitOptions | None = None
    callback_options: CallbackOptions | None = None
    chained_invoke_options: ChainedInvokeOptions | None = None


@dataclass(frozen=True, slots=True)
class StateOutput:
    """Recorded operations; more follow while there is a marker."""

    operations: Sequence[Operation] = ()
    next_marker: str | None = None


CheckpointUpdatedExecutionState = StateOutput
InitialExecutionState = StateOutput


@dataclass(frozen=True, slots=True)
class CheckpointOutput:
    """The answer to a checkpoint, with what changed since the last one; without a token this invocation must stop."""

    checkpoint_token: str | None
    new_execution_state: CheckpointUpdatedExecutionState
