"""Suite 10: plugins that print what they are told, one JSON object a line."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from durable import DurableContext, StepContext, durable_execution
from durable.config import Duration, JitterStrategy, StepConfig
from durable.model import OperationType
from durable.plugin import (
    DurableInstrumentationPlugin,
    InvocationEndInfo,
    InvocationStartInfo,
    OperationEndInfo,
    OperationInfo,
    OperationStartInfo,
    UserFunctionEndInfo,
    UserFunctionStartInfo,
)
from durable.retries import RetryPresets, RetryStrategyConfig, create_retry_strategy
from tests.conformance.registry import conforms

INVOCATIONS, OPERATIONS, ATTEMPTS = "invocation", "operation", "attempt"
ALL = (INVOCATIONS, OPERATIONS, ATTEMPTS)
RETRIED = create_retry_strategy(RetryStrategyConfig(2, Duration(1), jitter_strategy=JitterStrategy.NONE))


@dataclass(frozen=True)
class Printer:
    """Makes plugins that print the hooks asked for; faulty ones raise after each line."""

    hooks: tuple[str, ...]
    name: str = "CONFPLUGIN"
    is_faulty: bool = False

    def create_plugin(self, info: InvocationStartInfo) -> DurableInstrumentationPlugin:
        """The plugin of one invocation."""
        return PrintingPlugin(self, info.execution_arn)


class PrintingPlugin(DurableInstrumentationPlugin):
    """Prints what it is told of steps and invocations."""

    def __init__(self, printer: Printer, arn: str | None) -> None:
        self._printer = printer
        self._arn = arn

    def on_invocation_start(self, info: InvocationStartInfo) -> None:
        """Whether it is the first invocation."""
        self._print(INVOCATIONS, "start", first=info.is_first_invocation)

    def on_invocation_end(self, info: InvocationEndInfo) -> None:
        """How it ended."""
        self._print(INVOCATIONS, "end", status=info.status.value)

    def on_operation_start(self, info: OperationStartInfo) -> None:
        """Which step."""
        self._print_step(info, OPERATIONS, "start", op=info.operation_id)

    def on_operation_end(self, info: OperationEndInfo) -> None:
        """Which step, and how it ended."""
        self._print_step(info, OPERATIONS, "end", op=info.operation_id, status=info.status.value)

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        """Which attempt of which step."""
        self._print_step(info, ATTEMPTS, "start", n=info.attempt, op=info.operation_id)

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        """Which attempt of which step, and how it ended."""
        self._print_step(info, ATTEMPTS, "end", n=info.attempt, outcome=info.outcome.value, op=info.operation_id)

    def _print_step(self, info: OperationInfo, hooks: str, moment: str, **facts: Any) -> None:
        if info.operation_type is OperationType.STEP:
            self._print(hooks, moment, **facts)

    def _print(self, hooks: str, moment: str, **facts: Any) -> None:
        if hooks not in self._printer.hooks:
            return
        line = {"plugin": self._printer.name, "hook": f"{hooks}-{moment}", "durableExecutionArn": self._arn, **facts}
        print(json.dumps(line), flush=True)
        if self._printer.is_faulty:
            raise RuntimeError(f"The plugin fails at {hooks}-{moment}")


@conforms("10-1")
@durable_execution(plugins=[Printer((INVOCATIONS,))])
def tells_of_an_invocation(event: str, context: DurableContext) -> str:
    """One step in one invocation."""

    def greet(step: StepContext) -> str:
        step.logger.info("Greeting step running for: %s", event)
        return f"Hello, {event}!"

    return context.step(greet)


@conforms("10-2")
@durable_execution(plugins=[Printer((OPERATIONS,))])
def tells_of_an_operation(event: str, context: DurableContext) -> str:
    """One step."""
    return context.step(lambda _: f"Hello, {event}!")


@conforms("10-3")
@durable_execution(plugins=[Printer((ATTEMPTS,))])
def tells_of_each_attempt(event: None, context: DurableContext) -> str:
    """A step that succeeds at its second attempt."""

    def succeed_at_last(step: StepContext) -> str:
        if step.attempt == 1:
            raise RuntimeError("not yet")
        return "Operation succeeded"

    return context.step(succeed_at_last, config=StepConfig(RETRIED))


@conforms("10-4")
@durable_execution(plugins=[Printer(ALL, "CONFPLUGIN-FAULTY", is_faulty=True)])
def is_not_disturbed_by_a_faulty_plugin(event: str, context: DurableContext) -> str:
    """Every hook raises."""
    return context.step(lambda _: f"Hello, {event}!")


@conforms("10-5")
@durable_execution(plugins=[Printer((INVOCATIONS,), "CONFPLUGIN-A"), Printer((INVOCATIONS,), "CONFPLUGIN-B")])
def tells_all_plugins(event: str, context: DurableContext) -> str:
    """Two plugins."""
    return context.step(lambda _: f"Hello, {event}!")


@conforms("10-6")
@durable_execution(plugins=[Printer((INVOCATIONS,))])
def tells_the_first_invocation_from_others(event: None, context: DurableContext) -> None:
    """A wait between two invocations."""
    context.wait(Duration(2))


@conforms("10-7")
@durable_execution(plugins=[Printer((INVOCATIONS,))])
def tells_of_a_failure(event: None, context: DurableContext) -> None:
    """A step that fails for good."""

    def fail(_step: StepContext) -> NoReturn:
        raise ValueError("This always fails")

    context.step(fail, config=StepConfig(RetryPresets.none()))
