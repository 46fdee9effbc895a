"""An execution under test: history in, checkpoints and answer out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from durable import wire
from durable.envelope import DurableExecutionInvocationInputWithClient, InitialExecutionState
from durable.execution import durable_execution
from durable.identifier import operation_id
from durable.lambda_service import DurableServiceClient
from durable.model import ErrorObject, Operation, OperationType, OperationUpdate
from durable.types import LambdaContext
from durable_local.answers import parse
from durable_local.executions import Execution
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.invocations import Invocation, Invocations
from durable_local.runtime import Function, LocalRuntime
from durable_local.store import executions
from durable_local.store.database import IN_MEMORY, Database
from tests.durable.recording import RecordingService
from tests.fakes.clock import SetClock

Program = Callable[[Any, Any], Any]
"""A durable function as its author writes it."""
Json = dict[str, Any]

FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
"""The service's time, far from the machine's: no timer fires unless a test lets time pass."""

_DIED = ErrorObject("killed", "Runtime.ExitError")


@dataclass(frozen=True, slots=True)
class Invoked:
    """How one invocation answered, and the checkpoints it sent, as JSON."""

    answer: Json
    batches: list[list[Json]]

    @property
    def updates(self) -> list[Json]:
        """All updates in the order they were sent, without the places where errors were raised."""
        return [placeless(update) for batch in self.batches for update in batch]

    @property
    def lines(self) -> list[str]:
        """The updates in short: type, action and name."""
        return [line(update) for update in self.updates]

    @property
    def status(self) -> str:
        status: str = self.answer["Status"]
        return status

    @property
    def result(self) -> Any:
        return json.loads(self.answer["Result"])

    @property
    def error(self) -> Json:
        return placeless(self.answer)["Error"]  # type: ignore[no-any-return]


def placeless(holder: Json) -> Json:
    """An update or answer without the place where its error was raised, which differs by machine and line."""
    if "Error" not in holder:
        return holder
    return {**holder, "Error": {name: text for name, text in holder["Error"].items() if name != "StackTrace"}}


def line(update: Json) -> str:
    """An update in short."""
    return f"{update['Type']} {update['Action']} {update.get('Name', '-')}"


def ident(*numbers: int) -> str:
    """The id of an operation by the numbers that lead to it; a branch counts from 0, all else from 1."""
    prefix: str | None = None
    for number in numbers:
        prefix = operation_id(prefix, number)
    return prefix or ""


class ExecutionUnderTest:
    """One execution on the local service, in memory."""

    def __init__(self, payload: str | None = "null", clock: SetClock | None = None) -> None:
        self.clock = clock or SetClock(FAR_AHEAD)
        self.runtime = LocalRuntime(Database(IN_MEMORY), self.clock)
        self.service = RecordingService(self.runtime.service)
        self.arn = self.runtime.executions.start("function", payload)
        self._invocations = Invocations(self.runtime.journals)

    def given(self, *updates: OperationUpdate) -> None:
        """Record updates through an invocation that then dies, each in a checkpoint of its own."""
        invocation = self.begin()
        token = invocation.checkpoint_token
        for update in updates:
            output = self.runtime.service.checkpoint(self.arn, token, [update], None)
            token = output.checkpoint_token or ""

    def begin(self) -> Invocation:
        """Claim the execution for an invocation, which takes it from any other."""
        row = executions.by_arn(self.runtime.journals.database, self.arn)
        assert row
        return self._invocations.begin(self.arn, row.fence)

    def invoke(self, program: Program, context: LambdaContext | None = None) -> Invoked:
        """One invocation; what the handler raises is raised."""
        invocation = self.begin()
        before = len(self.service.batches)
        event = presented(invocation, self.service)
        try:
            answer = durable_execution(program)(event, context)
        except BaseException:
            self._invocations.failed(self.arn, invocation.fence, _DIED)
            raise
        self._invocations.answered(self.arn, invocation.fence, parse(answer))
        return Invoked(answer, wire.encode(self.service.batches[before:]))

    def run(self, program: Program) -> Execution:
        """Drive the execution to its end, or until only the outside can go on with it."""
        host = ThreadHost(warm(durable_execution(program)), with_service(self.service))
        self.runtime.functions["function"] = Function(host)
        return self.runtime.run(self.arn)

    @property
    def invocations(self) -> int:
        """How many invocations have begun."""
        return self.runtime.executions.get(self.arn).invocations

    @property
    def operations(self) -> list[Operation]:
        """All operations in the order of their start, without the execution's own."""
        recorded = self.runtime.executions.operations(self.arn)
        return [each for each in recorded if each.operation_type is not OperationType.EXECUTION]

    def operation(self, name: str) -> Operation:
        """The operation of a name."""
        (found,) = (each for each in self.operations if each.name == name)
        return found


def presented(invocation: Invocation, service: DurableServiceClient) -> DurableExecutionInvocationInputWithClient:
    """The event of an invocation, with the service along."""
    return DurableExecutionInvocationInputWithClient(
        durable_execution_arn=invocation.arn,
        checkpoint_token=invocation.checkpoint_token,
        initial_execution_state=InitialExecutionState(list(invocation.operations), invocation.next_marker),
        service_client=service,
    )


def with_empty_first_page(
    event: DurableExecutionInvocationInputWithClient,
) -> DurableExecutionInvocationInputWithClient:
    """The same event, all of whose operations are on a further page."""
    return replace(event, initial_execution_state=InitialExecutionState([], "p0"))


def invoke(program: Program, payload: str | None = "null") -> Invoked:
    """The first invocation of a new execution."""
    return ExecutionUnderTest(payload).invoke(program)
