"""A service client that writes down what it is asked, and fails where a test says so."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from durable import wire
from durable.exceptions import CheckpointError, GetExecutionStateError
from durable.lambda_service import DurableServiceClient
from durable.model import (
    CheckpointOutput,
    CheckpointUpdatedExecutionState,
    OperationUpdate,
    StateOutput,
)

Call = Callable[[], CheckpointOutput]
Fault = Callable[[Call], CheckpointOutput]
"""What becomes of a checkpoint: it may make the call it is given, or not."""

THROTTLED = (429, "TooManyRequestsException", "Rate exceeded")
FAULT = (500, "ServiceException", "Internal error")
STALE_TOKEN = (400, "InvalidParameterValueException", "Invalid checkpoint token: superseded")
BAD_REQUEST = (400, "InvalidParameterValueException", "Name is not allowed")
FORBIDDEN = (403, "AccessDeniedException", "Not authorized")
NOT_FOUND = (404, "ResourceNotFoundException", "No such execution")
KMS_DISABLED = (502, "KMSDisabledException", "The key is disabled")

PATIENCE = 10
"""Seconds after which a thread test gives up."""


class ApiError(Exception):
    """An API error in the form in which boto3 raises it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"An error occurred ({code}): {message}")
        self.response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}


class SandboxDied(BaseException):
    """The invocation is gone, as if the process had been killed."""


def refused(status: int, code: str, message: str) -> Fault:
    """The service does not take the checkpoint."""

    def fault(_call: Call) -> CheckpointOutput:
        raise CheckpointError.from_exception(ApiError(status, code, message))

    return fault


def lost_reply(call: Call) -> CheckpointOutput:
    """The service takes the checkpoint, but its answer is lost on the way."""
    call()
    raise CheckpointError.from_exception(ConnectionResetError("Connection reset by peer"))


def dies_before(_call: Call) -> CheckpointOutput:
    """The invocation is killed before the service hears of the checkpoint."""
    raise SandboxDied


def dies_after(call: Call) -> CheckpointOutput:
    """The invocation is killed when the service has taken the checkpoint."""
    call()
    raise SandboxDied


@dataclass
class Gate:
    """Holds a checkpoint up until a test lets it pass, to whatever becomes of it then."""

    then: Fault = field(default=lambda call: call())
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def __call__(self, call: Call) -> CheckpointOutput:
        self.reached.set()
        assert self.opened.wait(PATIENCE)
        return self.then(call)


def without_token(call: Call) -> CheckpointOutput:
    """The service takes the checkpoint and revokes the token, as when the execution is paused."""
    return replace(call(), checkpoint_token=None)


@dataclass
class RecordingService:
    """Passes everything on, and keeps the updates of each checkpoint."""

    service: DurableServiceClient
    batches: list[list[OperationUpdate]] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    """By the number of the checkpoint, from 1."""
    paged: bool = False
    """Whether changes are told on pages of one operation each, the first of them empty."""
    unreadable: ApiError | None = None
    """What reading a further page raises."""
    most_at_once: int = 0
    tokens: list[str] = field(default_factory=list)
    client_tokens: list[str | None] = field(default_factory=list)
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pages: dict[str, CheckpointUpdatedExecutionState] = field(default_factory=dict)

    def checkpoint(
        self,
        durable_execution_arn: str,
        checkpoint_token: str,
        updates: Sequence[OperationUpdate],
        client_token: str | None,
    ) -> CheckpointOutput:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.batches.append(list(updates))
            self.tokens.append(checkpoint_token)
            self.client_tokens.append(client_token)
            fault = self.faults.get(len(self.batches))

        def call() -> CheckpointOutput:
            return self.service.checkpoint(durable_execution_arn, checkpoint_token, updates, client_token)

        try:
            output = fault(call) if fault else call()
        finally:
            with self._lock:
                self._at_once -= 1
        return self._in_pages(output) if self.paged else output

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        self.reads.append(next_marker)
        if self.unreadable:
            raise GetExecutionStateError.from_exception(self.unreadable)
        if page := self._pages.get(next_marker):
            return StateOutput(page.operations, page.next_marker)
        return self.service.get_execution_state(durable_execution_arn, checkpoint_token, next_marker, max_items)

    def _in_pages(self, output: CheckpointOutput) -> CheckpointOutput:
        operations = output.new_execution_state.operations
        markers = [f"page-{len(self.batches)}-{number}" for number in range(len(operations))]
        following = [*markers[1:], None]
        for marker, operation, following_marker in zip(markers, operations, following, strict=True):
            self._pages[marker] = CheckpointUpdatedExecutionState([operation], following_marker)
        first = CheckpointUpdatedExecutionState([], markers[0] if markers else None)
        return replace(output, new_execution_state=first)


def as_sent(update: OperationUpdate) -> str:
    """The JSON of an update, as boto3 writes it."""
    return json.dumps(wire.encode(update))
