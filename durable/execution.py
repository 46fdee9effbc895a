"""From an invocation to its answer: read the journal, run the handler, say how it ended."""

import functools
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, overload

from durable import wire
from durable.checkpoints import CheckpointWriter
from durable.context import DurableContext
from durable.exceptions import (
    BackgroundThreadError,
    BotoClientError,
    DurableExecutionsError,
    ExecutionError,
)
from durable.journal import Journal
from durable.lambda_service import DurableServiceClient, LambdaClient
from durable.model import (
    ErrorObject,
    InvocationStatus,
    Operation,
    OperationAction,
    OperationType,
    OperationUpdate,
)
from durable.outcomes import Outcome
from durable.scheduler import ThreadScheduler
from durable.scope import Invocation, Scope
from durable.types import LambdaContext
from durable.values import Value

LAMBDA_RESPONSE_SIZE_LIMIT = 6 * 1024 * 1024 - 50
"""Bytes that Lambda returns from an invocation, less room for the envelope."""

Answer = dict[str, Value]
Handler = Callable[[Value, Value], Answer]


class UserHandler(Protocol):
    """A durable function as its author writes it."""

    def __call__(self, event: Value, context: DurableContext, /) -> Value:
        """Turn the execution's input into its result."""


@dataclass(frozen=True, slots=True)
class InitialExecutionState:
    """The first page of the recorded operations."""

    operations: Sequence[Operation] = ()
    next_marker: str | None = None


@dataclass(frozen=True, slots=True)
class DurableExecutionInvocationInput:
    """What the service hands to an invocation."""

    durable_execution_arn: str
    checkpoint_token: str
    initial_execution_state: InitialExecutionState = field(default_factory=InitialExecutionState)
    updated_operation_ids: Sequence[str] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class DurableExecutionInvocationInputWithClient(DurableExecutionInvocationInput):
    """The same with the service itself, for runtimes in this process."""

    service_client: DurableServiceClient = field(kw_only=False, default_factory=LambdaClient.initialize_client)


@overload
def durable_execution(func: UserHandler, *, boto3_client: Value = None) -> Handler: ...


@overload
def durable_execution(func: None = None, *, boto3_client: Value = None) -> Callable[[UserHandler], Handler]: ...


def durable_execution(
    func: UserHandler | None = None, *, boto3_client: Value = None
) -> Handler | Callable[[UserHandler], Handler]:
    """Make a function of an event and a durable context a Lambda handler.

    Raises ExecutionError for an event that no durable execution sent, and whatever may pass with another invocation.
    """
    if func is None:
        return functools.partial(durable_execution, boto3_client=boto3_client)

    @functools.wraps(func)
    def handler(event: Value, lambda_context: LambdaContext | None) -> Answer:
        given = _read_invocation(event)
        return _Run(func, given, _service(given, boto3_client), lambda_context).answer()

    return handler


class _Run:
    """One invocation of a handler."""

    def __init__(
        self,
        func: UserHandler,
        given: DurableExecutionInvocationInput,
        service: DurableServiceClient,
        lambda_context: LambdaContext | None,
    ) -> None:
        self._func = func
        self._given = given
        self._service = service
        self._scheduler = ThreadScheduler()
        self._journal = Journal(given.initial_execution_state.operations)
        self._checkpoints = CheckpointWriter(
            service, given.durable_execution_arn, given.checkpoint_token, self._journal, self._scheduler
        )
        self._scope = Scope(
            Invocation(given.durable_execution_arn, self._journal, self._checkpoints, self._scheduler, lambda_context)
        )

    def answer(self) -> Answer:
        """Run the handler; the envelope that Lambda returns to the service."""
        try:
            self._load_further_pages()
        except BotoClientError as error:
            return self._answer_error(error)
        event = self._event()
        try:
            answer = self._run(event)
        finally:
            self._checkpoints.close()
            self._scheduler.join()
        return _envelope(InvocationStatus.PENDING) if self._checkpoints.is_revoked else answer

    def _run(self, event: Value) -> Answer:
        context = DurableContext(self._scope, logging.getLogger(), is_replaying=self._journal.has_history)
        try:
            result = self._func(event, context)
            self._scope.stay_suspended()
            self._checkpoints.check()
            return self._succeed(json.dumps(result))
        except BaseException as error:  # noqa: BLE001 - each error knows its outcome
            return self._answer_error(error)

    def _answer_error(self, error: BaseException) -> Answer:
        default = Outcome.FAILED if isinstance(error, Exception) else Outcome.RAISE
        source = error.source_exception if isinstance(error, BackgroundThreadError) else error
        match getattr(error, "outcome", default):
            case Outcome.PENDING:
                return _envelope(InvocationStatus.PENDING)
            case Outcome.FAILED:
                return self._fail(ErrorObject.from_exception(source))
            case _:
                raise source

    def _succeed(self, text: str) -> Answer:
        if len(text) <= LAMBDA_RESPONSE_SIZE_LIMIT:
            return _envelope(InvocationStatus.SUCCEEDED, Result=text)
        self._record_end(OperationAction.SUCCEED, payload=text)
        return _envelope(InvocationStatus.SUCCEEDED, Result="")

    def _fail(self, error: ErrorObject) -> Answer:
        answer = _envelope(InvocationStatus.FAILED, Error=wire.encode(error))
        if len(json.dumps(answer)) <= LAMBDA_RESPONSE_SIZE_LIMIT:
            return answer
        self._record_end(OperationAction.FAIL, error=error)
        return _envelope(InvocationStatus.FAILED)

    def _record_end(self, action: OperationAction, **members: Value) -> None:
        """Record the execution's end: it is too large for the answer."""
        identity = f"execution-result-{int(self._scheduler.now() * 1000)}"
        self._scope.record_and_wait(OperationUpdate(identity, OperationType.EXECUTION, action, **members))

    def _load_further_pages(self) -> None:
        marker = self._given.initial_execution_state.next_marker
        while marker:
            page = self._service.get_execution_state(
                self._given.durable_execution_arn, self._given.checkpoint_token, marker
            )
            self._journal.merge(page.operations)
            marker = page.next_marker

    def _event(self) -> Value:
        """The execution's input; the root operation's id ends the ARN."""
        identity = self._given.durable_execution_arn.rpartition("/")[2]
        root = self._journal.get(identity)
        if root is None:
            raise DurableExecutionsError(f"The recorded operations lack the execution itself, {identity}.")
        if root.operation_type is not OperationType.EXECUTION:
            raise DurableExecutionsError(
                f"Operation {identity} is the execution, but recorded as {root.operation_type}."
            )
        payload = root.execution_details.input_payload if root.execution_details else None
        return json.loads(payload) if payload and payload.strip() else {}


def _read_invocation(event: Value) -> DurableExecutionInvocationInput:
    if isinstance(event, DurableExecutionInvocationInput):
        return event
    try:
        return wire.decode(DurableExecutionInvocationInput, event)
    except (KeyError, TypeError, AttributeError) as error:
        raise ExecutionError(
            f"This event is not from a durable execution ({error}). Is DurableConfig set on the function, and is it "
            "invoked by a qualified name?"
        ) from error


def _service(given: DurableExecutionInvocationInput, boto3_client: Value) -> DurableServiceClient:
    if isinstance(given, DurableExecutionInvocationInputWithClient):
        return given.service_client
    return LambdaClient(boto3_client) if boto3_client is not None else LambdaClient.initialize_client()


def _envelope(status: InvocationStatus, **members: Value) -> Answer:
    return {"Status": status.value, **members}
