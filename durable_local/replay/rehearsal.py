"""A handler run over a record, in an invocation in which nothing happens.

No step, check or submitter runs and nothing new begins: a plugin suspends whoever would. The contexts that the
code ends are taken as ended, so that it is seen how far it gets.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from durable import execution, serdes, wire
from durable.exceptions import SuspendExecution
from durable.model import (
    ErrorObject,
    InvocationStatus,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
)
from durable.plugin import (
    DurableInstrumentationPlugin,
    InvocationStartInfo,
    OperationEndInfo,
    OperationInfo,
    OperationStartInfo,
    UserFunctionEndInfo,
    UserFunctionStartInfo,
)
from durable.values import Value
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.loading import Handler
from durable_local.replay.document import Json
from durable_local.replay.record import Ending, Record


class NotDurableError(Exception):
    """The handler is no durable function of this core."""


@dataclass(slots=True)
class Rehearsal(DurableInstrumentationPlugin):
    """What became of a handler over a record; as a plugin it sees to it that nothing happens."""

    answer: Json = field(default_factory=dict)
    """As to the service; empty if the invocation would be repeated."""
    reached: set[str] = field(default_factory=set)
    """The recorded operations that the code has asked for."""
    begun: list[OperationInfo] = field(default_factory=list)
    """Operations that are not recorded, at which it stops."""
    again: list[OperationInfo] = field(default_factory=list)
    """Recorded steps and conditions whose next attempt is due, at which it stops."""
    ends: list[OperationUpdate] = field(default_factory=list)
    """What it records of contexts, attempts and the execution beyond the record."""
    failures: list[tuple[str | None, BaseException]] = field(default_factory=list)
    """What user code has raised: in which context, None for the handler itself, from the inside out."""

    def create_plugin(self, _info: InvocationStartInfo) -> "Rehearsal":
        """Watch over one invocation."""
        return self

    def on_operation_start(self, info: OperationStartInfo) -> None:
        """Let nothing begin that is not recorded."""
        if info.is_replayed:
            self.reached.add(info.operation_id)
            return
        self.begun.append(info)
        raise SuspendExecution(f"{info.name} is not recorded.")

    def on_operation_end(self, info: OperationEndInfo) -> None:
        """Note what is reached."""
        self.reached.add(info.operation_id)

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        """Let nothing run but the bodies of contexts."""
        if info.operation_type is not OperationType.CONTEXT:
            self.again.append(info)
            raise SuspendExecution(f"{info.name} would run.")

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        """Note what the body of a context raises."""
        if isinstance(raised := sys.exc_info()[1], Exception):
            self.failures.append((info.operation_id, raised))

    @property
    def has_ended(self) -> bool:
        """Whether the handler has returned or raised."""
        return self.answer.get("Status") != InvocationStatus.PENDING

    @property
    def ending(self) -> Ending | None:
        """How the handler has ended, unless it is suspended."""
        if not self.has_ended:
            return None
        if self.error:
            return Ending(OperationStatus.FAILED, error=self.error)
        large = [each.payload for each in self.ends if each.operation_type is OperationType.EXECUTION]
        return Ending(OperationStatus.SUCCEEDED, large[0] if large else self.answer.get("Result"))

    @property
    def error(self) -> ErrorObject | None:
        """What has made the handler fail."""
        if "Error" in self.answer:
            return wire.decode(ErrorObject, self.answer["Error"])
        raised = [error for context, error in self.failures if context is None]
        return ErrorObject.from_exception(raised[0]) if raised and not self.answer else None

    @property
    def ended_contexts(self) -> list[OperationUpdate]:
        """The contexts that have ended beyond the record."""
        return [each for each in self.ends if each.operation_type is OperationType.CONTEXT]

    def unreadable(self) -> dict[str, BaseException]:
        """Operations whose recorded result no longer reads, and why; as far as it has left a context or the handler."""
        return {found: error for _, error in self.failures for found in _read_in_vain(error)}

    def checkpoint_durable_execution(self, *, Updates: Sequence[Mapping[str, Value]], **_: object) -> Json:  # noqa: N803
        """Accept, as boto3's client would; there is no news."""
        self.ends += [
            update
            for update in (wire.decode(OperationUpdate, each) for each in Updates)
            if update.action is not OperationAction.START
        ]
        return {"CheckpointToken": "rehearsal", "NewExecutionState": {"Operations": []}}


def rehearse(handler: Handler, record: Record) -> Rehearsal:
    """Run a handler over a record; NotDurableError unless it is a durable function of this core."""
    function, rehearsal = _function_of(handler), Rehearsal()

    def observed(event: object, context: Value) -> object:
        try:
            return function(event, context)
        except Exception as error:
            rehearsal.failures.append((None, error))
            raise

    again = execution.durable_execution(observed, boto3_client=rehearsal, plugins=[rehearsal])
    event = {
        "DurableExecutionArn": record.arn,
        "CheckpointToken": "rehearsal",
        "InitialExecutionState": {"Operations": wire.encode(record.operations)},
        # All of them, so that plugins are told of each that is reached.
        "UpdatedOperationIds": [each.operation_id for each in record.operations],
    }
    arn = record.arn.partition("/durable-execution/")[0]
    try:
        rehearsal.answer = again(event, LambdaContext("replayed", "$LATEST", arn, "rehearsal"))
    except Exception as error:
        if (None, error) not in rehearsal.failures:
            raise
    return rehearsal


def _function_of(handler: Handler) -> Callable[[Value, Value], Value]:
    """The function beneath `durable_execution`, whatever stands above that."""
    layer: Value = handler
    while layer is not None and getattr(layer, "__globals__", None) is not vars(execution):
        layer = getattr(layer, "__wrapped__", None)
    if layer is None:
        raise NotDurableError(
            f"{getattr(handler, '__qualname__', handler)} is no function decorated with durable.durable_execution; "
            "replay runs on this project's core alone."
        )
    function: Callable[[Value, Value], Value] = layer.__wrapped__
    return function


def _read_in_vain(error: BaseException | None) -> list[str]:
    """The operations that were being read when an error, or one of its causes, was raised."""
    found: list[str] = []
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code is serdes.deserialize.__code__:
                found.append(trace.tb_frame.f_locals["operation_id"])
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    return found
