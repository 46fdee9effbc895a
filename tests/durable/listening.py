"""Plugins that note what they are told, by invocation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from durable.execution import durable_execution
from durable.plugin import (
    DurableInstrumentationPlugin,
    DurableInstrumentationPluginFactory,
    InvocationEndInfo,
    InvocationStartInfo,
    OperationChangeInfo,
    OperationEndInfo,
    OperationStartInfo,
    PropagationInput,
    PropagationMetadata,
    UserFunctionEndInfo,
    UserFunctionStartInfo,
)
from durable_local.executions import Execution
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest, Program

Info = (
    InvocationStartInfo
    | InvocationEndInfo
    | OperationStartInfo
    | OperationEndInfo
    | UserFunctionStartInfo
    | UserFunctionEndInfo
)


def line(info: Info) -> str:
    """What is told, in short."""
    match info:
        case InvocationStartInfo():
            return f"invocation starts {'first' if info.is_first_invocation else 'again'}"
        case InvocationEndInfo():
            return f"invocation ends {info.status}"
        case OperationStartInfo():
            return f"{info.operation_type} {info.name} {'goes on' if info.is_replayed else 'starts'}"
        case OperationEndInfo():
            return f"{info.operation_type} {info.name} ends {info.status}"
        case UserFunctionStartInfo():
            return f"{info.name} runs {'to rebuild' if info.is_replay_children else info.attempt}"
        case UserFunctionEndInfo():
            return f"{info.name} ran {info.outcome}"


class Listener(DurableInstrumentationPlugin):
    """Notes what one invocation tells."""

    def __init__(self) -> None:
        self.told: list[Info] = []

    def on_invocation_start(self, info: InvocationStartInfo) -> None:
        self.told.append(info)

    def on_invocation_end(self, info: InvocationEndInfo) -> None:
        self.told.append(info)

    def on_operation_start(self, info: OperationStartInfo) -> None:
        self.told.append(info)

    def on_operation_end(self, info: OperationEndInfo) -> None:
        self.told.append(info)

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        self.told.append(info)

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        self.told.append(info)

    @property
    def lines(self) -> list[str]:
        return [line(info) for info in self.told]

    @property
    def beginning(self) -> InvocationStartInfo:
        (info,) = (each for each in self.told if isinstance(each, InvocationStartInfo))
        return info

    @property
    def ending(self) -> InvocationEndInfo:
        (info,) = (each for each in self.told if isinstance(each, InvocationEndInfo))
        return info

    @property
    def starts(self) -> list[OperationStartInfo]:
        return [each for each in self.told if isinstance(each, OperationStartInfo)]

    @property
    def ends(self) -> list[OperationEndInfo]:
        return [each for each in self.told if isinstance(each, OperationEndInfo)]

    @property
    def within(self) -> list[str]:
        """What is told between the start of the invocation and its end."""
        return self.lines[1:-1]


@dataclass
class Listeners:
    """Makes a listener for each invocation, and keeps it."""

    made: list[Listener] = field(default_factory=list)

    def create_plugin(self, _info: InvocationStartInfo) -> Listener:
        self.made.append(Listener())
        return self.made[-1]


@dataclass
class Tracer(DurableInstrumentationPlugin):
    """Knows a trace, and notes for what it is asked; one plugin for all invocations."""

    trace_id: str | None
    asked: list[PropagationInput] = field(default_factory=list)

    def create_plugin(self, _info: InvocationStartInfo) -> "Tracer":
        return self

    def provide_propagation_metadata(self, info: PropagationInput) -> PropagationMetadata | None:
        self.asked.append(info)
        return PropagationMetadata(self.trace_id)


@dataclass
class Faulty(DurableInstrumentationPlugin):
    """Raises whatever it is told."""

    error: BaseException

    def create_plugin(self, _info: InvocationStartInfo) -> "Faulty":
        return self

    def on_invocation_start(self, info: InvocationStartInfo) -> None:
        raise self.error

    def on_invocation_end(self, info: InvocationEndInfo) -> None:
        raise self.error

    def on_operation_start(self, info: OperationStartInfo) -> None:
        raise self.error

    def on_operation_end(self, info: OperationEndInfo) -> None:
        raise self.error

    def on_operation_change(self, info: OperationChangeInfo) -> None:
        raise self.error

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        raise self.error

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        raise self.error

    def provide_propagation_metadata(self, info: PropagationInput) -> None:
        raise self.error


def run(
    program: Program,
    plugins: Sequence[DurableInstrumentationPluginFactory],
    execution: ExecutionUnderTest | None = None,
) -> Execution:
    """Drive an execution with plugins to its end, or until only the outside can go on with it."""
    execution = execution or ExecutionUnderTest()
    host = ThreadHost(warm(durable_execution(program, plugins=list(plugins))), with_service(execution.service))
    execution.runtime.functions["function"] = Function(host)
    return execution.runtime.run(execution.arn)


def listen(program: Program, execution: ExecutionUnderTest | None = None) -> list[Listener]:
    """What each invocation of an execution told."""
    listeners = Listeners()
    run(program, [listeners], execution)
    return listeners.made
