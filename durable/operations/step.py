"""The step: user code that runs until it succeeds, and whose result is recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from durable.config import StepConfig, StepSemantics
from durable.exceptions import (
    ExecutionError,
    InvalidStateError,
    RetryableSerDesError,
    SerDesError,
    StepError,
    StepInterruptedError,
)
from durable.identifier import OperationIdentifier
from durable.logger import Logger
from durable.model import ErrorObject, OperationAction, OperationStatus, StepDetails
from durable.operations.suspension import suspend_until, suspend_until_next_attempt
from durable.retries import RetryPresets
from durable.scope import Scope, fitting
from durable.types import StepContext
from durable.values import Value

T = TypeVar("T")

_DEFAULT_RETRIES = RetryPresets.default()


def step(
    scope: Scope,
    identifier: OperationIdentifier,
    function: Callable[[StepContext], T],
    config: StepConfig,
    logger: Logger,
) -> T:
    """The step's recorded result, or that of running it now."""
    recorded = scope.find(identifier)
    details = (recorded and recorded.step_details) or StepDetails()
    attempt = _Attempt(scope, identifier, config, details.attempt + 1)
    match recorded and recorded.status:
        case OperationStatus.SUCCEEDED:
            value: T = attempt.result(details.result)
            return value
        case OperationStatus.PENDING:
            suspend_until(identifier, details.next_attempt_timestamp)
        case None | OperationStatus.READY:
            attempt.start()
        case OperationStatus.STARTED:
            attempt.refuse_to_repeat()
        case _ if recorded:
            recorded.raise_as(StepError)
    return attempt.run(function, logger)


@dataclass(frozen=True, slots=True)
class _Attempt:
    scope: Scope
    identifier: OperationIdentifier
    config: StepConfig
    number: int

    @property
    def _at_most_once(self) -> bool:
        return self.config.step_semantics is StepSemantics.AT_MOST_ONCE_PER_RETRY

    def start(self) -> None:
        """Record the start; before an at-most-once attempt it must be durable."""
        if not self._at_most_once:
            self.scope.record(self.identifier.update(OperationAction.START))
        elif (started := self.scope.start(self.identifier)).status is not OperationStatus.STARTED:
            name = self.identifier.name or self.identifier.operation_id
            raise InvalidStateError(f"The step {name} was started but is {started.status}.")

    def refuse_to_repeat(self) -> None:
        """An at-most-once attempt that an invocation began and did not end counts as failed."""
        if self._at_most_once:
            name, identity = self.identifier.name, self.identifier.operation_id
            self.fail(StepInterruptedError(f"Step {name or identity} was interrupted.", step_id=identity))

    def run(self, function: Callable[[StepContext], T], logger: Logger) -> T:
        """Run the function and record its result; what replay would return is returned."""
        about = logger.about(self.identifier.operation_id, self.identifier.name, self.number)
        try:
            with self.scope.invocation.instrumentation.user_function(self.identifier, self.number):
                returned = function(StepContext(about, self.number))
            text = self.scope.write(self.config.serdes, returned, self.identifier)
            text = fitting(text, "result of step", self.identifier)
            value: T = self.result(text)
        except (RetryableSerDesError, ExecutionError):
            raise
        except Exception as error:  # noqa: BLE001 - recorded, and raised as the step's error
            self.fail(error)
        self.scope.record_and_wait(self.identifier.update(OperationAction.SUCCEED, payload=text))
        return value

    def result(self, text: str | None) -> Value:
        """The value of a recorded result."""
        return self.scope.read(self.config.serdes, text, self.identifier)

    def fail(self, error: Exception) -> NoReturn:
        """Record what went wrong: suspend until the next attempt, or raise the step's error."""
        recorded = ErrorObject.from_exception(error)
        if not isinstance(error, SerDesError):
            decision = (self.config.retry_strategy or _DEFAULT_RETRIES)(error, self.number)
            if decision.should_retry:
                suspend_until_next_attempt(self.scope, self.identifier, decision.delay, error=recorded)
        self.scope.record_and_wait(self.identifier.update(OperationAction.FAIL, error=recorded))
        recorded.raise_as(StepError)
