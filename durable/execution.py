"""From an invocation to its answer: read the journal, run the handler, say how it ended."""

import functools
import json
import logging
from collections.abc import Callable
from typing import Protocol, overload

from durable import wire
from durable.checkpoints import CheckpointWriter
from durable.context import DurableContext
from durable.envelope import LAMBDA_RESPONSE_SIZE_LIMIT as LAMBDA_RESPONSE_SIZE_LIMIT
from durable.envelope import (
    Answer,
    DurableExecutionInvocationInput,
    DurableExecutionInvocationInputWithClient,
    answer,
    read_invocation,
)
from durable.exceptions import (
    BackgroundThreadError,
    BotoClientError,
    DurableExecutionsError,
    ExecutionError,
    PluginLoadError,
)
from durable.instrumentation import Instrumentation, OperationInfos, Plugins
from durable.journal import Journal
from durable.lambda_service import DurableServiceClient, LambdaClient
from durable.model import ErrorObject, InvocationStatus, Operation, OperationAction, OperationType, OperationUpdate
from durable.model import InitialExecutionState as InitialExecutionState
from durable.outcomes import Outcome
from durable.plugin import InvocationStartInfo
from durable.scheduler import Scheduler, ThreadScheduler
from durable.scope import Invocation, Scope
from durable.serdes import plain_json
from durable.types import LambdaContext
from durable.values import Value

ORPHANS_PATIENCE = 1.0
"""Seconds that an invocation waits for branches whose batch ended without them; they can record nothing more."""

Handler = Callable[[Value, Value], Answer]


class UserHandler(Protocol):
    """A durable function as its author writes it."""

    def __call__(self, event: Value, context: DurableContext, /) -> Value:
        """Turn the execution's input into its result."""


@overload
def durable_execution(func: UserHandler, *, boto3_client: Value = None, plugins: Plugins | None = None) -> Handler: ...


@overload
def durable_execution(
    func: None = None, *, boto3_client: Value = None, plugins: Plugins | None = None
) -> Callable[[UserHandler], Handler]: ...


def durable_execution(
    func: UserHandler | None = None, *, boto3_client: Value = None, plugins: Plugins | None = None
) -> Handler | Callable[[UserHandler], Handler]:
    """Make a function of an event and a durable context a Lambda handler.

    Raises ExecutionError for an event that no durable execution sent, and whatever may pass with another invocation.
    """
    if func is None:
        return functools.partial(durable_execution, boto3_client=boto3_client, plugins=plugins)
    factories = tuple(plugins or ())
    for factory in factories:
        if not callable(getattr(factory, "create_plugin", None)):
            raise PluginLoadError(f"{factory!r} makes no plugin: a factory has the method create_plugin(info)")

    @functools.wraps(func)
    def handler(event: Value, lambda_context: LambdaContext | None) -> Answer:
        given = read_invocation(event)
        return _Run(func, given, _service(given, boto3_client), lambda_context).answer(factories)

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
        self._lambda_context = lambda_context
        arn, scheduler = given.durable_execution_arn, _scheduler(given)
        self._journal = Journal(given.initial_execution_state.operations)
        self._checkpoints = CheckpointWriter(service, arn, given.checkpoint_token, self._journal, scheduler)
        self._instrumentation = Instrumentation(self._journal, scheduler)
        invocation = Invocation(arn, self._journal, self._checkpoints, scheduler, self._instrumentation, lambda_context)
        self._scheduler = scheduler
        self._scope = Scope(invocation)

    def answer(self, factories: Plugins) -> Answer:
        """Run the handler between the plugins' hooks; the envelope that Lambda returns to the service."""
        try:
            self._checkpoints.read_pages(self._given.initial_execution_state.next_marker)
            event = self._event()
        except (BotoClientError, ExecutionError) as error:
            return self._answer_error(error)
        self._journal.expect()
        self._instrumentation.begin(factories, self._describe(event), self._given.updated_operation_ids)
        try:
            given = self._run(event)
        except BaseException as error:
            self._instrumentation.end(InvocationStatus.RETRY, ErrorObject.from_exception(error))
            raise
        error_object = wire.decode(ErrorObject, given["Error"]) if "Error" in given else None
        self._instrumentation.end(InvocationStatus(given["Status"]), error_object, given.get("Result"))
        return given

    def _run(self, event: Value) -> Answer:
        patience = None  # code that goes on after a failure would run beside its own next attempt
        try:
            given = self._call(event)
            patience = None if "Error" in given else ORPHANS_PATIENCE
        finally:
            self._checkpoints.close()
            self._scheduler.join(patience)
        return answer(InvocationStatus.PENDING) if self._checkpoints.is_revoked else given

    def _call(self, event: Value) -> Answer:
        context = DurableContext(self._scope, logging.getLogger(), is_replaying=self._journal.has_history)
        try:
            with self._scope.running():
                result = self._func(event, context)
            self._scope.stay_suspended()
            self._checkpoints.check()
            self._journal.refuse_unreached(None)
            return self._succeed(plain_json(result))
        except BaseException as error:  # noqa: BLE001 - each error knows its outcome
            return self._answer_error(error)

    def _describe(self, event: Value) -> InvocationStartInfo:
        root = self._root()
        return InvocationStartInfo(
            request_id=getattr(self._lambda_context, "aws_request_id", None),
            execution_arn=self._given.durable_execution_arn,
            is_first_invocation=not self._journal.has_history,
            execution_start_time=root.start_timestamp,
            execution_input=event,
            operations=OperationInfos(self._journal),
            updated_operations=OperationInfos(self._journal, self._given.updated_operation_ids),
        )

    def _answer_error(self, error: BaseException) -> Answer:
        source = error.source_exception if isinstance(error, BackgroundThreadError) else error
        outcome = _outcome(error)
        if outcome is Outcome.PENDING or (self._checkpoints.is_revoked and isinstance(error, Exception)):
            return answer(InvocationStatus.PENDING)
        if outcome is Outcome.FAILED:
            return answer(InvocationStatus.FAILED, Error=wire.encode(ErrorObject.from_exception(source)))
        raise source

    def _succeed(self, text: str) -> Answer:
        if len(json.dumps(text)) <= LAMBDA_RESPONSE_SIZE_LIMIT:  # as Lambda sends it: JSON within JSON
            return answer(InvocationStatus.SUCCEEDED, Result=text)
        self._record_result(text)
        return answer(InvocationStatus.SUCCEEDED, Result="")

    def _record_result(self, text: str) -> None:
        """Record the execution's end: its result is too large for the answer."""
        identity = f"execution-result-{int(self._scheduler.now() * 1000)}"
        end = OperationUpdate(identity, OperationType.EXECUTION, OperationAction.SUCCEED, payload=text)
        self._scope.record_and_wait(end)

    def _root(self) -> Operation:
        """The execution itself; its id ends the ARN."""
        identity = self._given.durable_execution_arn.rpartition("/")[2]
        root = self._journal.get(identity)
        if root is None or root.operation_type is not OperationType.EXECUTION:
            found = root and root.operation_type
            raise DurableExecutionsError(f"Operation {identity} is the execution itself, but recorded as {found}.")
        return root

    def _event(self) -> Value:
        details = self._root().execution_details
        payload = (details and details.input_payload) or ""
        try:
            return json.loads(payload) if payload.strip() else {}
        except (ValueError, RecursionError) as error:
            raise ExecutionError(f"The input {payload[:100]!r} is not JSON ({error}); start anew with JSON.") from error


def _outcome(error: BaseException) -> Outcome:
    outcome = getattr(error, "outcome", None)
    if isinstance(outcome, Outcome):
        return outcome
    return Outcome.FAILED if isinstance(error, Exception) else Outcome.RAISE


def _service(given: DurableExecutionInvocationInput, boto3_client: Value) -> DurableServiceClient:
    if isinstance(given, DurableExecutionInvocationInputWithClient):
        return given.service_client
    return LambdaClient(boto3_client) if boto3_client is not None else LambdaClient.initialize_client()


def _scheduler(given: DurableExecutionInvocationInput) -> Scheduler:
    return given.scheduler if isinstance(given, DurableExecutionInvocationInputWithClient) else ThreadScheduler()
