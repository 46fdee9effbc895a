"""What an instrumentation plugin is told: invocations, operations and the user functions within them."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from durable.model import ErrorObject, OperationStatus
from durable.model import InvocationStatus as InvocationStatus
from durable.model import OperationType as OperationType
from durable.values import Value


class UserFunctionOutcome(StrEnum):
    """How a user function ended; INCOMPLETE if it suspended, or could record nothing more."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """An operation as it stands; `is_replayed` if an earlier invocation had begun it."""

    operation_id: str
    operation_type: OperationType
    sub_type: str | None
    name: str | None
    parent_id: str | None
    start_time: datetime | None
    is_replayed: bool
    status: OperationStatus
    _: KW_ONLY
    end_time: datetime | None = None
    result: str | None = None
    error: ErrorObject | None = None
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class OperationStartInfo(OperationInfo):
    """An operation that begins, or goes on, in this invocation."""


@dataclass(frozen=True, slots=True)
class OperationEndInfo(OperationInfo):
    """An operation that has ended; told once."""


@dataclass(frozen=True, slots=True)
class UserFunctionStartInfo(OperationInfo):
    """A user function that is about to run; `is_replay_children` if only to rebuild a recorded result."""

    is_replay_children: bool = False


@dataclass(frozen=True, slots=True)
class UserFunctionEndInfo(OperationInfo):
    """A user function that has run."""

    is_replay_children: bool
    outcome: UserFunctionOutcome


@dataclass(frozen=True, slots=True)
class OperationChangeInfo:
    """Operations that an answer of the service has changed, and all that are known."""

    execution_arn: str | None
    updated_operations: Mapping[str, OperationInfo]
    operations: Mapping[str, OperationInfo]


@dataclass(frozen=True, slots=True)
class InvocationInfo:
    """One invocation of one execution."""

    request_id: str | None
    execution_arn: str | None
    is_first_invocation: bool
    execution_start_time: datetime | None = None
    _: KW_ONLY
    execution_input: Value = None
    operations: Mapping[str, OperationInfo] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvocationStartInfo(InvocationInfo):
    """An invocation that begins, and what has changed since the one before."""

    updated_operations: Mapping[str, OperationInfo] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class InvocationEndInfo(InvocationInfo):
    """An invocation that has ended; RETRY if Lambda sees an error."""

    error: ErrorObject | None = None
    _: KW_ONLY
    status: InvocationStatus
    execution_result: str | None = None


@dataclass(frozen=True, slots=True)
class PropagationInput:
    """A function that is about to be invoked."""

    execution_arn: str
    operation_id: str
    target_function_name: str
    parent_operation_id: str | None = None


@dataclass(frozen=True, slots=True)
class PropagationMetadata:
    """What the invoked function should carry on."""

    x_amzn_trace_id: str | None = None


class DurableInstrumentationPlugin:
    """Hooks to override; what they raise is logged and changes nothing."""

    def on_invocation_start(self, info: InvocationStartInfo) -> None:
        """Before the handler runs."""

    def on_invocation_end(self, info: InvocationEndInfo) -> None:
        """After the answer is made."""

    def on_operation_start(self, info: OperationStartInfo) -> None:
        """Before an operation's start is recorded, or when an invocation goes on with an open one."""

    def on_operation_end(self, info: OperationEndInfo) -> None:
        """After an operation's end is recorded, before user code sees it."""

    def on_operation_change(self, info: OperationChangeInfo) -> None:
        """After the service has told of changes, before who waits for them goes on."""

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        """Before a user function runs, on its thread."""

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        """After a user function has run, on its thread."""

    def provide_propagation_metadata(self, info: PropagationInput) -> PropagationMetadata | None:  # noqa: ARG002
        """What an invoked function should carry on; the first plugin with an answer decides."""
        return None


class DurableInstrumentationPluginFactory(Protocol):
    """Makes a plugin for each invocation."""

    def create_plugin(self, info: InvocationStartInfo) -> DurableInstrumentationPlugin:
        """The plugin of an invocation that begins."""
