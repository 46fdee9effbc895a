import logging
from typing import Any

import pytest

from durable.config import CallbackConfig, ChildConfig, Duration, MapConfig, NestingType, StepConfig
from durable.execution import durable_execution
from durable.model import OperationStatus
from durable.plugin import DurableInstrumentationPlugin, OperationChangeInfo, OperationInfo, UserFunctionEndInfo
from durable.retries import RetryPresets
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest, Program, ident, presented
from tests.durable.listening import Faulty, Listeners, Tracer, listen, run
from tests.durable.recording import THROTTLED, refused

VIRTUAL = ChildConfig(is_virtual=True)
ONE_AT_ONCE = MapConfig(max_concurrency=1)
FLAT = MapConfig(max_concurrency=1, nesting_type=NestingType.FLAT)


def one_step(_event: object, context: Any) -> object:
    return context.step(lambda _: 1, name="s")


def step_and_wait(inner: Any, *_: object) -> None:
    inner.step(lambda _: 1, name="s")
    inner.wait(Duration(5), name="w")


def boom(*_: object) -> None:
    raise ValueError("boom")


def told(program: Program, execution: ExecutionUnderTest | None = None) -> list[list[str]]:
    """What is told within each invocation."""
    return [listener.within for listener in listen(program, execution)]


STEP_S = ["STEP s starts", "s runs 1", "s ran SUCCEEDED", "STEP s ends SUCCEEDED"]


def test_an_invocation_tells_its_start_first_and_its_end_last() -> None:
    (listener,) = listen(one_step)

    assert listener.lines == ["invocation starts first", *STEP_S, "invocation ends SUCCEEDED"]


def test_a_step_that_is_tried_again_goes_on_and_ends_once() -> None:
    def flaky(step: Any) -> None:
        if step.attempt == 1:
            boom()

    retried = StepConfig(RetryPresets.fixed())

    assert told(lambda _event, context: context.step(flaky, name="s", config=retried)) == [
        ["STEP s starts", "s runs 1", "s ran FAILED"],
        ["STEP s goes on", "s runs 2", "s ran SUCCEEDED", "STEP s ends SUCCEEDED"],
    ]


def test_what_has_ended_is_told_by_the_invocation_that_sees_it_first_and_by_no_later_one() -> None:
    def program(_event: object, context: Any) -> None:
        context.wait(Duration(5), name="v")
        context.step(lambda _: 1, name="s")
        context.wait(Duration(5), name="w")

    assert told(program) == [
        ["WAIT v starts"],
        ["WAIT v ends SUCCEEDED", *STEP_S, "WAIT w starts"],
        ["WAIT w ends SUCCEEDED"],
    ]


def test_a_child_that_suspends_is_told_incomplete_and_goes_on() -> None:
    assert told(lambda _event, context: context.run_in_child_context(step_and_wait, name="c")) == [
        ["CONTEXT c starts", "c runs 1", *STEP_S, "WAIT w starts", "c ran INCOMPLETE"],
        ["CONTEXT c goes on", "c runs None", "WAIT w ends SUCCEEDED", "c ran SUCCEEDED", "CONTEXT c ends SUCCEEDED"],
    ]


def test_a_child_whose_checkpoint_fails_is_told_incomplete_and_goes_on() -> None:
    execution = ExecutionUnderTest()
    execution.service.faults[1] = execution.service.faults[2] = refused(*THROTTLED)

    assert told(lambda _event, context: context.run_in_child_context(step_and_wait, name="c"), execution)[0] == [
        *("CONTEXT c starts", "c runs 1", "STEP s starts", "s runs 1", "s ran SUCCEEDED", "c ran INCOMPLETE")
    ]


def test_a_virtual_child_tells_its_function_and_its_end_though_nothing_is_recorded() -> None:
    assert told(lambda _event, context: context.run_in_child_context(step_and_wait, name="c", config=VIRTUAL)) == [
        ["c runs 1", *STEP_S, "WAIT w starts", "c ran INCOMPLETE"],
        ["c runs 1", "WAIT w ends SUCCEEDED", "c ran SUCCEEDED", "CONTEXT c ends SUCCEEDED"],
    ]


def test_a_virtual_child_that_fails_tells_so() -> None:
    (listener,) = listen(lambda _event, context: context.run_in_child_context(boom, name="c", config=VIRTUAL))

    assert listener.within == ["c runs 1", "c ran FAILED", "CONTEXT c ends FAILED"]
    ended = listener.ends[-1]
    assert ended.error
    assert (ended.error.message, ended.error.type) == ("boom", "ValueError")


def test_a_large_child_that_is_rebuilt_tells_its_function_alone() -> None:
    def large(inner: Any) -> str:
        inner.step(lambda _: 1, name="s")
        return "x" * 300_000

    def program(_event: object, context: Any) -> None:
        context.run_in_child_context(large, name="c")
        context.wait(Duration(5), name="w")

    assert told(program) == [
        ["CONTEXT c starts", "c runs 1", *STEP_S, "c ran SUCCEEDED", "CONTEXT c ends SUCCEEDED", "WAIT w starts"],
        ["c runs to rebuild", "c ran SUCCEEDED", "WAIT w ends SUCCEEDED"],
    ]


def test_a_map_tells_itself_and_its_branches() -> None:
    def program(_event: object, context: Any) -> None:
        context.map([1, 2], lambda inner, *_: inner.wait(Duration(5), name="w"), name="m", config=ONE_AT_ONCE)

    first, second = "map-item-0", "map-item-1"
    assert told(program) == [
        [
            *("CONTEXT m starts", "m runs 1"),
            *(f"CONTEXT {first} starts", f"{first} runs 1", "WAIT w starts", f"{first} ran INCOMPLETE"),
            "m ran INCOMPLETE",
        ],
        [
            *("CONTEXT m goes on", "m runs None"),
            *(f"CONTEXT {first} goes on", f"{first} runs None", "WAIT w ends SUCCEEDED"),
            *(f"{first} ran SUCCEEDED", f"CONTEXT {first} ends SUCCEEDED"),
            *(f"CONTEXT {second} starts", f"{second} runs 1", "WAIT w starts", f"{second} ran INCOMPLETE"),
            "m ran INCOMPLETE",
        ],
        [
            *("CONTEXT m goes on", "m runs None"),
            *(f"CONTEXT {second} goes on", f"{second} runs None", "WAIT w ends SUCCEEDED"),
            *(f"{second} ran SUCCEEDED", f"CONTEXT {second} ends SUCCEEDED"),
            *("m ran SUCCEEDED", "CONTEXT m ends SUCCEEDED"),
        ],
    ]


def test_the_branches_of_a_flat_map_tell_as_virtual_children_do() -> None:
    def program(_event: object, context: Any) -> None:
        context.map([1], lambda inner, *_: inner.step(lambda _: 1, name="s"), name="m", config=FLAT)

    branch = ["map-item-0 runs 1", *STEP_S, "map-item-0 ran SUCCEEDED", "CONTEXT map-item-0 ends SUCCEEDED"]
    assert told(program) == [["CONTEXT m starts", "m runs 1", *branch, "m ran SUCCEEDED", "CONTEXT m ends SUCCEEDED"]]


def test_a_callback_that_nobody_answers_tells_its_end_when_it_is_seen() -> None:
    timeout = CallbackConfig(Duration(10))

    assert told(lambda _event, context: context.create_callback(name="cb", config=timeout).result()) == [
        ["CALLBACK cb starts"],
        ["CALLBACK cb ends TIMED_OUT"],
    ]


def with_target() -> ExecutionUnderTest:
    """An execution that may invoke `target`."""
    execution = ExecutionUnderTest()
    host = ThreadHost(warm(durable_execution(lambda _event, _context: 7)), with_service(execution.runtime.service))
    execution.runtime.functions["target"] = Function(host)
    return execution


def call(_event: object, context: Any) -> object:
    return context.invoke("target", None, name="call")


def test_an_invoke_tells_its_start_and_its_end() -> None:
    assert told(call, with_target()) == [["CHAINED_INVOKE call starts"], ["CHAINED_INVOKE call ends SUCCEEDED"]]


def test_an_operation_is_told_with_what_is_recorded_of_it() -> None:
    execution = ExecutionUnderTest()

    (listener,) = listen(
        lambda _event, context: context.run_in_child_context(lambda inner: one_step(None, inner), name="c"), execution
    )

    started, ended = listener.starts[1], listener.ends[0]
    recorded = execution.operation("s")
    for info in (started, ended):
        assert (info.operation_id, info.parent_id) == (ident(1, 1), ident(1))
        assert (info.operation_type, info.sub_type, info.name) == ("STEP", "Step", "s")
    assert (started.status, started.is_replayed, started.end_time) == (OperationStatus.STARTED, False, None)
    assert (ended.status, ended.result, ended.attempt) == (OperationStatus.SUCCEEDED, "1", 1)
    assert (ended.start_time, ended.end_time) == (recorded.start_timestamp, recorded.end_timestamp)


def test_all_that_begins_is_told_with_its_time() -> None:
    (listener,) = listen(lambda _event, context: context.run_in_child_context(lambda c: one_step(None, c), name="c"))

    begun = [info for info in listener.told if isinstance(info, OperationInfo)]
    assert len(begun) == 8
    assert all(info.start_time for info in begun)


def test_a_function_that_fails_and_its_operation_are_told_with_the_error() -> None:
    once = StepConfig(RetryPresets.none())

    (listener,) = listen(lambda _event, context: context.step(boom, name="s", config=once))

    (ran,) = (info for info in listener.told if isinstance(info, UserFunctionEndInfo))
    for error in (ran.error, listener.ends[0].error):
        assert error
        assert (error.message, error.type) == ("boom", "ValueError")
    assert (ran.attempt, listener.ends[0].attempt) == (1, 1)


def test_an_invocation_is_told_with_its_execution_and_what_has_changed() -> None:
    execution = ExecutionUnderTest('{"orderId":7}')

    first, again = listen(lambda _event, context: context.wait(Duration(5), name="w"), execution)

    for listener in (first, again):
        info = listener.beginning
        assert (info.execution_arn, info.execution_input) == (execution.arn, {"orderId": 7})
        assert info.execution_start_time == execution.runtime.executions.get(execution.arn).started
    assert (first.beginning.is_first_invocation, again.beginning.is_first_invocation) == (True, False)
    assert [each.name for each in again.beginning.updated_operations.values()] == ["w"]
    assert again.beginning.operations[ident(1)].status is OperationStatus.SUCCEEDED


def test_the_end_of_an_invocation_is_told_with_its_answer() -> None:
    (succeeded,), (failed,) = listen(lambda *_: {"a": 1}), listen(boom)

    assert (succeeded.ending.status, succeeded.ending.execution_result) == ("SUCCEEDED", '{"a": 1}')
    assert (failed.ending.status, failed.ending.execution_result) == ("FAILED", None)
    assert failed.ending.error
    assert (failed.ending.error.message, failed.ending.error.type) == ("boom", "ValueError")


def test_an_invocation_that_lambda_sees_fail_is_told_as_retried() -> None:
    listeners = Listeners()

    def interrupted(*_: object) -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        invoke(interrupted, listeners)

    assert listeners.made[0].lines == ["invocation starts first", "invocation ends RETRY"]


def invoke(program: Program, *plugins: Any) -> dict[str, Any]:
    """The answer of the first invocation of a new execution."""
    execution = ExecutionUnderTest()
    return durable_execution(program, plugins=plugins)(presented(execution.begin(), execution.service), None)


def test_an_error_of_a_plugin_is_logged_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    listeners = Listeners()
    execution = with_target()

    def program(_event: object, context: Any) -> object:
        return [context.step(lambda _: 1, name="s"), call(None, context)]

    with caplog.at_level(logging.ERROR, "durable.instrumentation"):
        ended = run(program, [Faulty(LookupError("plugin")), listeners], execution)

    assert (ended.status, ended.result) == ("SUCCEEDED", "[1, 7]")
    assert [each.lines[-1] for each in listeners.made] == ["invocation ends PENDING", "invocation ends SUCCEEDED"]
    logged = [record for record in caplog.records if record.name == "durable.instrumentation"]
    assert logged
    assert all(record.exc_info and isinstance(record.exc_info[1], LookupError) for record in logged)


class Attempts(DurableInstrumentationPlugin):
    """A plugin that hears of attempts alone, and its own factory."""

    def create_plugin(self, _info: object) -> DurableInstrumentationPlugin:
        return self

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        """Attempts are of use to it."""


@pytest.mark.parametrize(("plugins", "checkpoints"), [([], 4), ([Attempts()], 4), ([Listeners()], 7)])
def test_ends_of_branches_are_waited_for_only_if_a_plugin_hears_of_them(plugins: list[Any], checkpoints: int) -> None:
    execution = ExecutionUnderTest()

    def branches(_event: object, context: Any) -> object:
        return context.map([1, 2, 3], step_in_branch, config=ONE_AT_ONCE).get_results()

    run(branches, plugins, execution)

    assert len(execution.service.batches) == checkpoints


def step_in_branch(inner: Any, item: int, *_: object) -> object:
    return inner.step(lambda _: item, name="s")


class Unmakeable:
    """A factory that fails."""

    def create_plugin(self, _info: object) -> DurableInstrumentationPlugin:
        raise LookupError("no plugin")


def test_an_error_of_a_factory_is_logged_and_the_other_plugins_are_made(caplog: pytest.LogCaptureFixture) -> None:
    listeners = Listeners()

    answer = invoke(one_step, Unmakeable(), listeners)

    assert answer == {"Status": "SUCCEEDED", "Result": "1"}
    assert listeners.made[0].within == STEP_S
    assert [record.name for record in caplog.records] == ["durable.instrumentation"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_what_ends_the_process_passes_through_a_plugin(error: BaseException) -> None:
    with pytest.raises(type(error)):
        invoke(one_step, Faulty(error))


@pytest.mark.parametrize(
    ("traces", "sent"),
    [
        ([None], None),
        (["Root=1"], "Root=1"),
        ([None, "Root=1", "Root=2"], "Root=1"),
        (["", " ", "Root=2"], "Root=2"),
    ],
)
def test_the_first_plugin_that_knows_a_trace_gives_it_to_the_invoked_function(
    traces: list[str | None], sent: str | None
) -> None:
    execution = with_target()

    run(call, [Tracer(trace) for trace in traces], execution)

    start = next(update for batch in execution.service.batches for update in batch if update.name == "call")
    assert start.chained_invoke_options
    assert start.chained_invoke_options.x_amzn_trace_id == sent


def test_a_plugin_is_asked_for_a_trace_once_with_what_is_invoked_from_where() -> None:
    tracer = Tracer("Root=1")
    execution = with_target()

    run(
        lambda _event, context: context.run_in_child_context(lambda inner: call(None, inner), name="c"),
        [tracer],
        execution,
    )

    (asked,) = tracer.asked
    assert (asked.execution_arn, asked.target_function_name) == (execution.arn, "target")
    assert (asked.operation_id, asked.parent_operation_id) == (ident(1, 1), ident(1))


class Changes(DurableInstrumentationPlugin):
    """Notes what the service tells of changes; one plugin for all invocations."""

    def __init__(self) -> None:
        self.told: list[OperationChangeInfo] = []

    def create_plugin(self, _info: object) -> "Changes":
        return self

    def on_operation_change(self, info: OperationChangeInfo) -> None:
        self.told.append(info)

    @property
    def ended(self) -> list[str | None]:
        """The names of the operations that had ended by each change."""
        return [each.name for info in self.told for each in info.updated_operations.values() if each.end_time]


def test_a_change_is_told_before_who_waits_for_it_goes_on() -> None:
    changes = Changes()
    seen: list[list[str | None]] = []

    def program(_event: object, context: Any) -> None:
        context.step(lambda _: 1, name="s")
        seen.append(list(changes.ended))
        context.step(lambda _: 1, name="t")
        seen.append(list(changes.ended))

    invoke(program, changes)

    assert seen == [["s"], ["s", "t"]]


def test_a_change_is_told_with_the_execution_and_all_its_operations() -> None:
    changes = Changes()
    execution = ExecutionUnderTest()

    run(one_step, [changes], execution)

    info = changes.told[-1]
    assert info.execution_arn == execution.arn
    assert set(info.updated_operations) == {ident(1)}
    assert info.operations[ident(1)].result == "1"
    assert {each.operation_type for each in info.operations.values()} == {"EXECUTION", "STEP"}
    with pytest.raises(KeyError):
        info.updated_operations[execution.arn.rpartition("/")[2]]  # the execution itself, which has not changed


def test_every_invocation_has_a_plugin_of_its_own() -> None:
    listeners = Listeners()
    execution = ExecutionUnderTest()

    run(lambda _event, context: context.wait(Duration(5)), [listeners], execution)

    assert len(listeners.made) == execution.invocations == 2
