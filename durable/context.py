"""The durable context: what a handler calls to have its work recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from durable.concurrency.models import BatchResult
from durable.config import (
    BatchConfig,
    CallbackConfig,
    ChildConfig,
    Duration,
    InvokeConfig,
    MapConfig,
    NestingType,
    ParallelBranch,
    ParallelConfig,
    StepConfig,
    WaitForCallbackConfig,
)
from durable.constants import LONGEST_WAIT_SECONDS, NAME_LIMIT
from durable.decorators import durable_parallel_branch as durable_parallel_branch
from durable.decorators import durable_step as durable_step
from durable.decorators import durable_wait_for_callback as durable_wait_for_callback
from durable.decorators import durable_with_child_context as durable_with_child_context
from durable.exceptions import ChildContextError, NonDeterministicExecutionError, SuspendExecution, ValidationError
from durable.identifier import OperationIdentifier
from durable.journal import Journal
from durable.logger import Logger, LogInfo
from durable.model import OperationSubType, OperationType
from durable.operations.branches import check_thresholds, run_batch
from durable.operations.branches.batch import Branch
from durable.operations.callback import Callback as Callback
from durable.operations.callback import callback_result, start_callback
from durable.operations.child import run_in_child_context
from durable.operations.condition import wait_for_condition
from durable.operations.invoke import invoke
from durable.operations.step import step
from durable.operations.wait import wait
from durable.operations.wait_for_callback import callback_body, raise_callback_error
from durable.scope import Scope
from durable.serdes import PASS_THROUGH_SERDES as PASS_THROUGH_SERDES
from durable.types import (
    LambdaContext,
    LoggerInterface,
    StepContext,
    WaitForCallbackContext,
    WaitForConditionCheckContext,
)
from durable.values import Value
from durable.waits import WaitForConditionConfig

T = TypeVar("T")
U = TypeVar("U")

NamedBranch = tuple[str, Callable[["DurableContext"], T]]

_STEP = StepConfig()


@dataclass(frozen=True, slots=True)
class ExecutionContext:
    """Which execution a context belongs to."""

    durable_execution_arn: str


class DurableContext:
    """Operations that are recorded once and read back on every replay.

    Each operation is known by its place: call the same ones in the same order on every replay, and use the child
    context that a branch is handed, never its parent's.
    """

    def __init__(
        self, scope: Scope, logger: LoggerInterface, *, is_replaying: bool = False, is_virtual: bool = False
    ) -> None:
        self._scope = scope
        self._count = 0
        self._replaying = is_replaying
        self.is_virtual = is_virtual
        self.execution_context = ExecutionContext(scope.invocation.arn)
        self.set_logger(logger)

    @property
    def state(self) -> Journal:
        """The recorded operations."""
        return self._scope.invocation.journal

    @property
    def lambda_context(self) -> LambdaContext | None:
        """What Lambda says of this invocation."""
        return self._scope.invocation.lambda_context

    def is_replaying(self) -> bool:
        """Whether what comes next is already recorded."""
        if self._replaying:
            following = self._scope.identify(self._count + 1, OperationType.STEP, None, None)
            self._replaying = self.state.get(following.operation_id) is not None
        return self._replaying

    def set_logger(self, new_logger: LoggerInterface) -> None:
        """Log through this logger from here on; child contexts made later do too."""
        info = LogInfo(self._scope.invocation.arn, parent_id=self._scope.parent_id)
        self.logger = Logger(new_logger, info, self.is_replaying)

    def step(self, func: Callable[[StepContext], T], name: str | None = None, config: StepConfig | None = None) -> T:
        """Run a function until it succeeds, and return its recorded result.

        Raises StepError once it is not tried again, SerDesError if its result cannot be recorded.
        """
        config = config or _STEP
        identifier = self._begin(OperationType.STEP, config.sub_type or OperationSubType.STEP, _name(func, name))
        return self._perform(lambda: step(self._scope, identifier, func, config, self.logger))

    def wait(self, duration: Duration, name: str | None = None) -> None:
        """Wait, from one second to 366 days; the function does not run meanwhile."""
        seconds = duration.to_seconds()
        if not 1 <= seconds <= LONGEST_WAIT_SECONDS:
            raise ValidationError(f"The wait {name or ''} lasts {seconds} seconds, not 1 to {LONGEST_WAIT_SECONDS}.")
        identifier = self._begin(OperationType.WAIT, OperationSubType.WAIT, name)
        self._perform(lambda: wait(self._scope, identifier, seconds))

    def create_callback(self, name: str | None = None, config: CallbackConfig | None = None) -> Callback[Value]:
        """Make a callback for somebody outside to answer; `result()` suspends until they do."""
        config = config or CallbackConfig()
        sub_type = config.sub_type or OperationSubType.CALLBACK
        identifier = self._begin(OperationType.CALLBACK, sub_type, name)
        callback_id = self._perform(lambda: start_callback(self._scope, identifier, config))

        def result() -> Value:
            self._scope.current.stay_suspended()
            self._scope.invocation.checkpoints.check()
            return self._perform(lambda: callback_result(self._scope, identifier, config))

        return Callback(callback_id, result)

    def wait_for_callback(
        self,
        submitter: Callable[[str, WaitForCallbackContext], Value],
        name: str | None = None,
        config: WaitForCallbackConfig | None = None,
    ) -> Value:
        """Make a callback, hand out its id in a step, and return the answer.

        Raises CallbackSubmitterError if the id could not be handed out, CallbackError if no answer comes.
        """
        name = _name(submitter, name)
        child = ChildConfig(sub_type=OperationSubType.WAIT_FOR_CALLBACK)
        body = callback_body(submitter, name, config or WaitForCallbackConfig())
        try:
            return self.run_in_child_context(body, name, child)
        except ChildContextError as error:
            raise_callback_error(error)

    def wait_for_condition(
        self,
        check: Callable[[T, WaitForConditionCheckContext], T],
        config: WaitForConditionConfig[T],
        name: str | None = None,
    ) -> T:
        """Poll until the state is as wished, and return it; the function does not run between polls.

        Raises WaitForConditionError if the check raises or the polls run out.
        """
        if not callable(check) or not isinstance(config, WaitForConditionConfig):
            raise ValidationError(f"wait_for_condition needs a check and a config, not {check!r} and {config!r}")
        identifier = self._begin(OperationType.STEP, OperationSubType.WAIT_FOR_CONDITION, name)
        state: T = self._perform(lambda: wait_for_condition(self._scope, identifier, check, config, self.logger))
        return state

    def invoke(
        self, function_name: str, payload: Value, name: str | None = None, config: InvokeConfig | None = None
    ) -> Value:
        """Invoke another function by its qualified name, and return its result; raises InvokeError if it fails."""
        if not isinstance(function_name, str) or not function_name:
            raise ValidationError(f"invoke needs the qualified name of a function, not {function_name!r}")
        config = config or InvokeConfig()
        identifier = self._begin(OperationType.CHAINED_INVOKE, OperationSubType.CHAINED_INVOKE, name)
        return self._perform(lambda: invoke(self._scope, identifier, function_name, payload, config))

    def run_in_child_context(
        self, func: Callable[["DurableContext"], T], name: str | None = None, config: ChildConfig | None = None
    ) -> T:
        """Run operations of their own under one operation, and return the function's recorded result.

        Raises ChildContextError if the function raises.
        """
        config = config or ChildConfig()
        sub_type = config.sub_type or OperationSubType.RUN_IN_CHILD_CONTEXT
        identifier = self._begin(OperationType.CONTEXT, sub_type, _name(func, name))

        def body(inner: Scope) -> T:
            return self._run(func, inner, is_virtual=config.is_virtual)

        result: T = self._perform(lambda: run_in_child_context(self._scope, identifier, body, config))
        return result

    def map(
        self,
        inputs: Sequence[U],
        func: Callable[["DurableContext", U, int, Sequence[U]], T],
        name: str | None = None,
        config: MapConfig | None = None,
    ) -> BatchResult[T]:
        """Run a function for every item, each in a child context; failures are in the result, not raised."""
        config = config or MapConfig()
        named = config.item_namer or (lambda _, index: f"map-item-{index}")
        items = list(inputs)

        def branch(index: int) -> NamedBranch[T]:
            return named(items[index], index), lambda child: func(child, items[index], index, inputs)

        return self._batch(OperationSubType.MAP, _name(func, name), branch, len(items), config)

    def parallel(
        self,
        functions: Sequence[Callable[["DurableContext"], Value] | ParallelBranch[Value]],
        name: str | None = None,
        config: ParallelConfig | None = None,
    ) -> BatchResult[Value]:
        """Run functions beside each other, each in a child context; failures are in the result, not raised."""

        def branch(index: int) -> NamedBranch[Value]:
            function = functions[index]
            given = function.name if isinstance(function, ParallelBranch) else None
            return f"parallel-branch-{index}" if given is None else given, function

        return self._batch(OperationSubType.PARALLEL, name, branch, len(functions), config or ParallelConfig())

    def _batch(
        self,
        kind: OperationSubType,
        name: str | None,
        named: Callable[[int], NamedBranch[T]],
        count: int,
        config: BatchConfig,
    ) -> BatchResult[T]:
        check_thresholds(config, count)
        is_flat = config.nesting_type is NestingType.FLAT

        def branch(index: int) -> Branch:
            branch_name, function = named(index)
            _check_name(branch_name)
            return Branch(index, branch_name, lambda inner: self._run(function, inner, is_virtual=is_flat))

        identifier = self._begin(OperationType.CONTEXT, kind, name)
        return self._perform(lambda: run_batch(self._scope, identifier, branch, count, config))

    def _begin(self, operation_type: OperationType, sub_type: str, name: str | None) -> OperationIdentifier:
        self._scope.enter()
        _check_name(name)
        self._count += 1
        identifier = self._scope.identify(self._count, operation_type, sub_type, name)
        if self._replaying:
            recorded = self.state.get(identifier.operation_id)
            is_open_step = operation_type is OperationType.STEP and recorded and not recorded.status.is_terminal
            self._replaying = recorded is not None and not is_open_step
        return identifier

    def _perform(self, operation: Callable[[], T]) -> T:
        """Do an operation; what user code swallows of a suspension or of a mismatch holds nevertheless."""
        try:
            return operation()
        except SuspendExecution as suspension:
            self._scope.current.suspension = suspension
            raise
        except NonDeterministicExecutionError as mismatch:
            self._scope.invocation.checkpoints.refuse(mismatch)
            raise

    def _run(self, body: Callable[["DurableContext"], T], inner: Scope, *, is_virtual: bool) -> T:
        """Run the body of a child context, which must reach all that is recorded of it."""
        child = DurableContext(inner, self.logger.logger, is_replaying=True, is_virtual=is_virtual)
        with inner.running():
            result = body(child)
        if not (is_virtual or inner.suspension):
            self.state.refuse_unreached(inner.parent_id)
        return result


def _name(func: Callable[..., Value], name: str | None) -> str | None:
    return name or getattr(func, "_original_name", None)


def _check_name(name: str | None) -> None:
    if name is None or (isinstance(name, str) and len(name) <= NAME_LIMIT and name.isascii() and name.isprintable()):
        return
    raise ValidationError(
        f"The operation name {str(name)[:80]!r} must be text of at most {NAME_LIMIT} printable ASCII characters."
    )
