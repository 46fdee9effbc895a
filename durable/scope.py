"""Where operations are recorded: the invocation they belong to and their place in the tree of contexts."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from durable import serdes as texts
from durable.checkpoints import CheckpointWriter
from durable.constants import CHECKPOINT_SIZE_LIMIT_BYTES
from durable.exceptions import InvalidStateError, OrphanedChildException, SerDesError, SuspendExecution, ValidationError
from durable.identifier import OperationIdentifier, drift, operation_id
from durable.instrumentation import Instrumentation
from durable.journal import Journal
from durable.model import Operation, OperationAction, OperationType, OperationUpdate
from durable.scheduler import Scheduler
from durable.serdes import SerDes
from durable.types import LambdaContext
from durable.values import Value, byte_count


@dataclass(frozen=True, slots=True)
class Invocation:
    """What all contexts of one invocation share."""

    arn: str
    journal: Journal
    checkpoints: CheckpointWriter
    scheduler: Scheduler
    instrumentation: Instrumentation
    lambda_context: LambdaContext | None


def fitting(text: str, what: str, identifier: OperationIdentifier, limit: int = CHECKPOINT_SIZE_LIMIT_BYTES) -> str:
    """The text, if a checkpoint holds it; else SerDesError."""
    if (size := byte_count(text)) > limit:
        raise SerDesError(
            f"The {what} {identifier.name or identifier.operation_id} takes {size} bytes, a checkpoint holds {limit}: "
            "store it elsewhere and pass on where it lies."
        )
    return text


_running: ContextVar["Scope | ValidationError"] = ContextVar("running")


@contextmanager
def _running_as(running: "Scope | ValidationError") -> Iterator[None]:
    token = _running.set(running)
    try:
        yield
    finally:
        _running.reset(token)


def without_operations(what: str) -> AbstractContextManager[None]:
    """Run code in which operations raise ValidationError."""
    return _running_as(ValidationError(f"{what} must not call operations; it decides from what it is handed."))


@dataclass(slots=True, eq=False)
class Scope:
    """The place of one context: it gives its operations their ids and parent, and refuses them once it is over."""

    invocation: Invocation
    prefix: str | None = None
    parent_id: str | None = None
    outer: "Scope | None" = None
    is_rebuilt: bool = False
    """Whether its operation has ended, and its code runs to rebuild the result: nothing in it is new."""
    is_closed: bool = False
    suspension: SuspendExecution | None = None
    """What suspended its code, which starts no further operation even if it swallows that."""

    def within(self, identifier: OperationIdentifier, *, is_virtual: bool = False, is_rebuilt: bool = False) -> "Scope":
        """The scope inside an operation: a virtual one records under this scope's parent, a rebuilt one nothing new."""
        parent_id = self.parent_id if is_virtual else identifier.operation_id
        is_rebuilt = is_rebuilt or (is_virtual and self.is_rebuilt)
        return Scope(self.invocation, identifier.operation_id, parent_id, self, is_rebuilt)

    def running(self) -> AbstractContextManager[None]:
        """Run code of this context: a suspension is its own, whichever context it calls."""
        return _running_as(self)

    @property
    def current(self) -> "Scope":
        """The scope whose code runs; ValidationError where operations may not be called."""
        running = _running.get(self)
        if isinstance(running, ValidationError):
            raise running
        return running

    def identify(
        self, number: int, operation_type: OperationType, sub_type: str | None, name: str | None
    ) -> OperationIdentifier:
        """The identifier of this context's n-th operation, or of a batch's branch by its index."""
        identity = operation_id(self.prefix, number)
        return OperationIdentifier(identity, sub_type, self.parent_id, name, operation_type=operation_type)

    def enter(self) -> None:
        """Refuse a further operation in a context that is suspended or over, or once nothing more is recorded."""
        self.current.stay_suspended()
        self._refuse_if_over()
        self.invocation.checkpoints.check()

    def stay_suspended(self) -> None:
        """A suspension that user code caught still suspends."""
        if self.suspension is not None:
            raise self.suspension

    def find(self, identifier: OperationIdentifier) -> Operation | None:
        """What is recorded of an operation."""
        recorded = self.invocation.journal.find(identifier)
        if recorded is None and self.is_rebuilt:
            raise drift(f"{identifier.name!r} is new in an operation that has ended.", identifier.operation_id)
        self.invocation.instrumentation.found(recorded)
        return recorded

    def record(self, update: OperationUpdate) -> None:
        """Record a start soon, without waiting for it."""
        self.invocation.instrumentation.recording(update)
        self.invocation.journal.begin(update)
        self.invocation.checkpoints.record(update, self._refuse_if_over)

    def start(self, identifier: OperationIdentifier, **options: Value) -> Operation:
        """Record the start of an operation; returns what it has become, which may be its end."""
        started = self.record_and_wait(identifier.update(OperationAction.START, **options))
        if started is None:
            name = identifier.name or identifier.operation_id
            raise InvalidStateError(f"The service accepted the start of {name} but does not know the operation.")
        return started

    def record_and_wait(self, update: OperationUpdate, start: OperationUpdate | None = None) -> Operation | None:
        """Record an update, as one with its operation's start if given; returns what the operation has become."""
        self.invocation.instrumentation.recording(start or update)
        self.invocation.checkpoints.record_and_wait(update, self._refuse_if_over, start)
        return self.look(update.operation_id)

    def end(self, update: OperationUpdate, *, is_awaited: bool) -> None:
        """Record the end of a context: one that is not awaited soon, unless plugins are to be told of it in order."""
        if is_awaited or self.invocation.instrumentation.hears_ends:
            self.record_and_wait(update)
        else:
            self.invocation.checkpoints.record(update, self._refuse_if_over)

    def look(self, operation_id: str) -> Operation | None:
        """What has become of an operation that this invocation has begun."""
        operation = self.invocation.journal.get(operation_id)
        self.invocation.instrumentation.ended(operation)
        return operation

    def write(self, serdes: SerDes[Value] | None, value: Value, identifier: OperationIdentifier) -> str:
        """A value as the text that is recorded."""
        return texts.serialize(serdes, value, identifier.operation_id, self.invocation.arn)

    def read(self, serdes: SerDes[Value] | None, text: str | None, identifier: OperationIdentifier) -> Value:
        """The value of a recorded text."""
        return None if text is None else texts.deserialize(serdes, text, identifier.operation_id, self.invocation.arn)

    def close(self) -> None:
        """From here on nothing inside this scope is recorded: its operation has ended."""
        with self.invocation.checkpoints.lock:
            self.is_closed = True

    def _refuse_if_over(self) -> None:
        scope: Scope | None = self
        while scope is not None:
            if scope.is_closed:
                told = f"The operation {scope.prefix} has ended without this branch."
                raise OrphanedChildException(told, scope.prefix or "")
            scope = scope.outer
