"""The child context: operations of its own under one operation."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from durable.config import ChildConfig
from durable.constants import CHECKPOINT_SIZE_LIMIT_BYTES
from durable.exceptions import ChildContextError, ExecutionError, InvocationError
from durable.identifier import OperationIdentifier, drift
from durable.model import ContextDetails, ContextOptions, ErrorObject, OperationAction, OperationStatus
from durable.scope import Scope, fitting
from durable.values import Value, byte_count


def run_in_child_context(
    scope: Scope,
    identifier: OperationIdentifier,
    body: Callable[[Scope], Value],
    config: ChildConfig,
    *,
    is_branch: bool = False,
) -> Value:
    """The context's recorded result, or that of running its body now; a branch's end is recorded before its batch's."""
    child = _Child(scope, identifier, body, config, is_branch)
    if config.is_virtual:
        child.refuse_record()
        return child.run(1)
    recorded = scope.find(identifier)
    details = (recorded and recorded.context_details) or ContextDetails()
    if recorded is None:
        scope.record(identifier.update(OperationAction.START))
    elif recorded.status is OperationStatus.SUCCEEDED:
        return child.rebuild() if details.replay_children else child.value(details.result)
    elif recorded.status.is_terminal:
        recorded.raise_as(ChildContextError)
    return child.run(1 if recorded is None else None)


@dataclass(frozen=True, slots=True)
class _Child:
    scope: Scope
    identifier: OperationIdentifier
    body: Callable[[Scope], Value]
    config: ChildConfig
    is_branch: bool

    def run(self, attempt: int | None) -> Value:
        """Run the body and record how it ends; what replay would return is returned."""
        self.scope.enter()
        inner = self.scope.within(self.identifier, is_virtual=self.config.is_virtual)
        try:
            with self._instrumented(attempt):
                result = self.body(inner)
                inner.stay_suspended()
            text = self._text(result)
            replayed, ending = self.value(text), self._ending(result, text)
        except Exception as error:  # noqa: BLE001 - recorded, and raised as the context's error
            inner.stay_suspended()
            recorded = _recordable(error)
            inner.close()
            self._record(OperationAction.FAIL, error=recorded)
            recorded.raise_as(ChildContextError)
        inner.close()
        self._record(OperationAction.SUCCEED, **ending)
        return replayed

    def rebuild(self) -> Value:
        """Run the body of a closed context over its recorded operations: its result was too large to record."""
        with self._instrumented(None, is_replay_children=True):
            result = self.body(self.scope.within(self.identifier, is_rebuilt=True))
        return self.value(self._text(result))

    def value(self, text: str | None) -> Value:
        """The value of a recorded result."""
        return self.scope.read(self.config.serdes, text, self.identifier)

    def refuse_record(self) -> None:
        """A virtual context is never recorded, so a record under its id is that of another operation."""
        if self.scope.invocation.journal.get(self.identifier.operation_id) is not None:
            raise drift("It was recorded, but is now a virtual context, which never is.", self.identifier.operation_id)

    def _text(self, result: Value) -> str:
        return self.scope.write(self.config.serdes, result, self.identifier)

    def _ending(self, result: Value, text: str) -> dict[str, Value]:
        """What is recorded of a success: in place of a result too large for a checkpoint, its summary."""
        if byte_count(text) <= CHECKPOINT_SIZE_LIMIT_BYTES:
            return {"payload": text, "context_options": ContextOptions()}
        summarise = self.config.summary_generator
        summary = fitting(str(summarise(result)), "summary of", self.identifier) if summarise else ""
        return {"payload": summary, "context_options": ContextOptions(replay_children=True)}

    def _record(self, action: OperationAction, **members: Value) -> None:
        if self.config.is_virtual:
            self.scope.invocation.instrumentation.virtual_ended(self.identifier, members.get("error"))
        else:
            self.scope.end(self.identifier.update(action, **members), is_awaited=not self.is_branch)

    def _instrumented(self, attempt: int | None, *, is_replay_children: bool = False) -> AbstractContextManager[None]:
        instrumentation = self.scope.invocation.instrumentation
        return instrumentation.user_function(self.identifier, attempt, is_replay_children=is_replay_children)


def _recordable(error: Exception) -> ErrorObject:
    """The error as it is recorded; errors that end the invocation or the execution pass."""
    if isinstance(error, ExecutionError) or (isinstance(error, InvocationError) and error.is_retryable()):
        raise error
    return ErrorObject.from_exception(error)
