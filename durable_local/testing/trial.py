"""One execution of a function whose replay is tried: perhaps with a crash, and replayed once more at its end."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from durable.model import Operation, OperationType, OperationUpdate
from durable_local.executions import Execution
from durable_local.hosts import InvocationFailedError
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.loading import Handler, Loader, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.invocations import Invocation
from durable_local.testing.crashing import CrashingService, CrashPoint, FinishedService, Updates
from durable_local.testing.delivery import delivered
from durable_local.testing.result import DurableFunctionTestResult
from durable_local.testing.runner import DurableFunctionTestRunner

NAME = "replay-safety"
_STOPPED = {"RUNNING", "STOPPED", "TIMED_OUT"}


@dataclass(frozen=True, slots=True)
class End:
    """What an execution came to, in a form that can be compared."""

    status: str
    result: object = None
    error: str | None = None

    def __str__(self) -> str:
        told = self.error or json.dumps(self.result)
        return f"{self.status} with {told}"


SUSPENDED = End("PENDING")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one execution."""

    result: DurableFunctionTestResult
    end: End
    effects: object
    """What its run has added to the side effects."""
    batches: Sequence[Updates]
    crashed_at: Updates
    replays: Sequence["Replay"]
    """What further invocations came to: one over the whole history, before it one for each suspension."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of one more invocation that had nothing new to do."""

    waiting_for: Sequence[str]
    """Ids of what the execution waits for; none if it has ended."""
    expected: End
    answered: End
    effects: object
    """What it has added to the side effects."""
    asked: Sequence[OperationUpdate]
    """What it wanted to have recorded."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A function with the event and the outside that it is tried with."""

    loader: Loader
    event: object
    effects: Callable[[], object]
    callbacks: Mapping[str, object] = field(default_factory=dict)
    functions: Mapping[str, Handler] = field(default_factory=dict)

    def trial(self, point: CrashPoint | None = None) -> Trial:
        """Run an execution of its own, and replay it."""
        crashing, suspended = CrashingService(point), list[Replay]()
        with DurableFunctionTestRunner(
            loader=lambda: self._again(delivered(self.loader, crashing)(), runner, crashing, suspended),
            presenter=crashing.before,
        ) as runner:
            for name, handler in self.functions.items():
                runner.register_function(name, handler)
            before = self._snapshot()
            result = self._drive(runner)
            effects, end = _added(before, self._snapshot()), _end(result.execution)
            if end.status not in _STOPPED:
                suspended.append(self._replay(runner, result.execution, end))
            return Trial(result, end, effects, crashing.batches, crashing.crashed_at, suspended)

    def _again(
        self, handler: Handler, runner: DurableFunctionTestRunner, crashing: CrashingService, suspended: list[Replay]
    ) -> Handler:
        """The handler, invoked once more with nothing new whenever it has suspended."""

        def invoke(invocation: Invocation, context: LambdaContext) -> Any:
            answer = handler(invocation, context)
            if answer == {"Status": SUSPENDED.status} and not crashing.is_dead:
                execution = runner.runtime.executions.get(invocation.arn)
                suspended.append(self._replay(runner, execution, SUSPENDED))
            return answer

        return invoke

    def warm(self) -> "Subject":
        """The same with one handler for all invocations."""
        return replace(self, loader=warm(self.loader()))

    def _drive(self, runner: DurableFunctionTestRunner) -> DurableFunctionTestResult:
        arn = runner.run_async(self.event, NAME)
        while found := runner.halt_at_callback(arn, self.callbacks.keys()):
            name, callback_id = found
            runner.send_callback_success(callback_id, self.callbacks[name])
        return runner.wait_for_result(arn)

    def _replay(self, runner: DurableFunctionTestRunner, execution: Execution, expected: End) -> Replay:
        finished, before = FinishedService(), self._snapshot()
        recorded = runner.runtime.executions.operations(execution.arn)
        invocation = Invocation(execution.arn, execution.function, "replay", 0, "replay", recorded, None, [])
        host = ThreadHost(delivered(self.loader, finished), _itself)
        try:
            answer = host.invoke(invocation, LambdaContext(execution.function, "$LATEST", execution.arn, "replay"))
        except InvocationFailedError as failure:
            answered = End("FAILED", error=str(failure))
        else:
            answered = _answered(answer)
        waiting_for = [each.operation_id for each in recorded if _is_awaited(each)]
        return Replay(
            waiting_for, expected, answered, _added(before, self._snapshot(), growth_alone=True), finished.asked
        )

    def _snapshot(self) -> object:
        return copy.deepcopy(self.effects())


def _end(execution: Execution) -> End:
    error = execution.error
    told = f"{error.type}: {error.message}" if error else None
    return End(execution.status, json.loads(execution.result) if execution.result else None, told)


def _answered(answer: Any) -> End:
    error = answer.get("Error")
    told = f"{error.get('ErrorType')}: {error.get('ErrorMessage')}" if error else None
    return End(answer["Status"], json.loads(answer["Result"]) if answer.get("Result") else None, told)


def _added(before: object, after: object, *, growth_alone: bool = False) -> object:
    """What is new of a list or a counter; of anything else, which is a state, all of it."""
    if isinstance(before, Counter) and isinstance(after, Counter):
        return sorted((after - before).elements(), key=repr)
    if isinstance(before, list) and isinstance(after, list):
        return after[len(before) :]
    if growth_alone:
        return [] if before == after else after
    return after


def _is_awaited(operation: Operation) -> bool:
    around = {OperationType.CONTEXT, OperationType.EXECUTION}
    return not operation.status.is_terminal and operation.operation_type not in around


def _itself(invocation: Invocation) -> object:
    return invocation
