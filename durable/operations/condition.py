"""The polled condition: a check that runs again until its state is as wished."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from durable.exceptions import InvocationError, WaitForConditionError
from durable.identifier import OperationIdentifier
from durable.logger import Logger
from durable.model import ErrorObject, OperationAction, OperationStatus, OperationUpdate, StepDetails
from durable.operations.suspension import suspend_until, suspend_until_next_attempt
from durable.scope import Scope, fitting
from durable.types import WaitForConditionCheckContext
from durable.values import Value
from durable.waits import WaitForConditionConfig

Check = Callable[[Value, WaitForConditionCheckContext], Value]


def wait_for_condition(
    scope: Scope, identifier: OperationIdentifier, check: Check, config: WaitForConditionConfig[Value], logger: Logger
) -> Value:
    """The recorded state that was as wished, or that of polling now."""
    recorded = scope.find(identifier)
    status = recorded.status if recorded else None
    details = (recorded and recorded.step_details) or StepDetails()
    poll = _Poll(scope, identifier, config, details.attempt + 1, is_due=status is OperationStatus.READY)
    match status:
        case OperationStatus.SUCCEEDED:
            return poll.value(details.result)
        case OperationStatus.PENDING:
            suspend_until(identifier, details.next_attempt_timestamp)
        case None:
            scope.record(identifier.update(OperationAction.START))
        case OperationStatus.READY | OperationStatus.STARTED:
            pass
        case _ if recorded:
            recorded.raise_as(WaitForConditionError)
    return poll.run(check, details.result, logger)


@dataclass(frozen=True, slots=True)
class _Poll:
    scope: Scope
    identifier: OperationIdentifier
    config: WaitForConditionConfig[Value]
    number: int
    is_due: bool

    def run(self, check: Check, last: str | None, logger: Logger) -> Value:
        """Check once: the state if it is as wished, else record it and suspend until the next poll."""
        about = logger.about(self.identifier.operation_id, self.identifier.name, self.number)
        try:
            state = self.value(self._text(self.config.initial_state) if last is None else last)
            with self.scope.invocation.instrumentation.user_function(self.identifier, self.number):
                polled = check(state, WaitForConditionCheckContext(about, self.number))
            text = fitting(self._text(polled), "state of condition", self.identifier)
            decision = self.config.wait_strategy(self.value(text), self.number)
            result = self.value(text)
        except Exception as error:
            if isinstance(error, InvocationError) and error.is_retryable():
                raise
            self._fail(error)
        if decision.should_continue:
            suspend_until_next_attempt(self.scope, self.identifier, decision.delay, self._due_start, payload=text)
        self.scope.record_and_wait(self.identifier.update(OperationAction.SUCCEED, payload=text), self._due_start)
        return result

    def value(self, text: str | None) -> Value:
        """The state that a text describes."""
        return self.scope.read(self.config.serdes, text, self.identifier)

    def _text(self, state: Value) -> str:
        return self.scope.write(self.config.serdes, state, self.identifier)

    @property
    def _due_start(self) -> OperationUpdate | None:
        """The start of a further poll, recorded as one with its outcome: alone it would clear the state polled last."""
        return self.identifier.update(OperationAction.START) if self.is_due else None

    def _fail(self, error: Exception) -> NoReturn:
        recorded = ErrorObject.from_exception(error)
        self.scope.record_and_wait(self.identifier.update(OperationAction.FAIL, error=recorded), self._due_start)
        recorded.raise_as(WaitForConditionError)
