"""Executions that go on by themselves."""

import json
import threading
from typing import Any

import pytest

from durable import DurableContext, durable_execution
from durable.config import Duration
from durable_local.clock import SystemClock
from durable_local.errors import ResourceNotFoundError
from durable_local.executions import Execution
from durable_local.hosts.loading import warm
from durable_local.hosts.threads import PlainFunction
from durable_local.runtime import Function
from durable_local.store.database import StoreError
from tests.durable_local.conftest import Opening
from tests.durable_local.desk import PATIENCE, Desk, asks, blocked, callback_id, doubles, ends, sleeps


def test_an_execution_that_is_started_runs_to_its_end(desk: Desk) -> None:
    desk.host("f", doubles)

    execution = desk.run(event=21)

    assert (execution.status, execution.result) == ("SUCCEEDED", "42")


def test_many_executions_share_the_workers(desk: Desk) -> None:
    desk.host("f", doubles)
    arns = [desk.start(event=number) for number in range(50)]

    assert [desk.end(arn).result for arn in arns] == [str(2 * number) for number in range(50)]


def test_thirty_days_pass_at_once_on_the_skipping_clock(desk: Desk) -> None:
    desk.host("f", sleeps)

    execution = desk.run()

    assert execution.ended
    assert (execution.result, (execution.ended - execution.started).days) == ('"rested"', 30)


def test_a_wait_ends_by_itself_on_the_systems_clock(opened: Opening) -> None:
    def naps(event: object, context: DurableContext) -> str:
        context.wait(Duration.from_seconds(1))
        return "rested"

    desk = opened(SystemClock())
    desk.host("f", durable_execution(naps))
    desk.dispatcher.start()

    assert desk.run().result == '"rested"'


@pytest.mark.parametrize(
    ("config", "error"),
    [({"timeout": 3_600}, "Callback timed out"), ({"heartbeat": 60}, "Callback timed out on heartbeat")],
)
def test_timeouts_of_callbacks_are_skipped_to(desk: Desk, config: dict[str, int], error: str) -> None:
    desk.host("f", asks)

    assert desk.run(event=config).result == json.dumps(error)


def test_execution_timeouts_are_skipped_to(desk: Desk) -> None:
    desk.host("f", asks, execution_timeout_seconds=86_400)

    execution = desk.run(event={})

    assert execution.ended
    assert (execution.status, (execution.ended - execution.started).days) == ("TIMED_OUT", 1)


def test_what_is_not_kept_any_longer_is_gone_when_the_clock_has_passed_it(desk: Desk) -> None:
    desk.host("f", doubles, retention_days=7)
    desk.host("sleeps", sleeps, retention_days=90)
    arn = desk.start(event=4)
    assert desk.end(arn).result == "8"

    rested = desk.run("sleeps")

    assert rested.result == '"rested"'
    assert [each.function for each in desk.runtime.executions.newest(10)] == ["sleeps"]


def test_retries_of_failed_invocations_are_skipped_to(desk: Desk) -> None:
    def raises(event: object, context: object) -> None:
        raise ValueError("boom")

    desk.host("f", raises)

    execution = desk.run()

    assert (execution.status, execution.invocations) == ("FAILED", 5)


def test_time_does_not_skip_while_a_function_runs(opened: Opening) -> None:
    desk = opened()
    begun, go_on = blocked(desk)
    desk.host("f", sleeps)
    desk.dispatcher.start()
    busy, sleeping = desk.start("blocked"), desk.start("f")
    assert begun.acquire(timeout=PATIENCE)

    as_it_stood = desk.dispatcher.wait(sleeping, 0.1)
    go_on.set()

    assert as_it_stood.status == "RUNNING"
    assert desk.end(busy).ended < desk.end(sleeping).ended  # type: ignore[operator]


def test_an_answer_from_outside_lets_an_execution_go_on(opened: Opening) -> None:
    desk = opened(SystemClock())
    desk.host("f", asks)
    arn = desk.start(event={})
    asked = threading.Event()
    desk.runtime.journals.observers.append(lambda _arn, changed: asked.set() if changed[0].callback_details else None)
    desk.dispatcher.start()
    assert asked.wait(PATIENCE)

    desk.runtime.callbacks.succeed(callback_id(desk, arn), "yes")

    assert desk.end(arn).result == '"yes"'


def test_a_function_runs_no_more_often_at_once_than_it_may(opened: Opening) -> None:
    desk = opened(workers=4, concurrency={"blocked": 2})
    begun, go_on = blocked(desk)
    desk.host("f", doubles)
    desk.dispatcher.start()
    arns = [desk.start("blocked") for _ in range(5)]
    assert begun.acquire(timeout=PATIENCE)
    assert begun.acquire(timeout=PATIENCE)

    other = desk.run(event=4)
    third = begun.acquire(timeout=0.05)
    go_on.set()

    assert (other.result, third) == ("8", False)
    assert {desk.end(arn).result for arn in arns} == {'"done"'}


def test_an_invocation_that_died_with_its_process_is_taken_over(opened: Opening) -> None:
    first = opened()
    first.host("f", doubles)
    arn = first.start(event=4)
    first.runtime.functions["f"] = Function(_Deadly())
    with pytest.raises(KeyboardInterrupt):
        first.runtime.run(arn)
    first.runtime.journals.database.close()

    second = opened()
    second.host("f", doubles)
    second.dispatcher.start()

    assert second.end(arn).result == "8"
    ends = [event for _, event in second.runtime.executions.history(arn) if event.type == "InvocationCompleted"]
    assert [end.error and end.error.type for end in ends] == ["Runtime.ExitError", None]


class _Deadly:
    def invoke(self, invocation: object, context: object) -> object:
        raise KeyboardInterrupt


def test_executions_of_functions_that_are_not_known_are_left_alone(opened: Opening) -> None:
    first = opened()
    first.host("gone", doubles)
    arn = first.start("gone", 4)

    second = opened()
    second.host("f", doubles)
    second.dispatcher.start()

    assert second.run(event=4).result == "8"
    assert second.runtime.executions.get(arn).invocations == 0


def test_invoked_functions_durable_and_plain_go_on_by_themselves(desk: Desk) -> None:
    @durable_execution
    def invokes(event: int, context: DurableContext) -> list[Any]:
        return [context.invoke("f", event), context.invoke("triples", event), context.invoke("sleeps", event)]

    desk.host("f", doubles)
    desk.host("sleeps", sleeps)
    desk.host("invokes", invokes)
    desk.runtime.functions["triples"] = PlainFunction(warm(lambda event, context: 3 * event))

    assert desk.run("invokes", 7).result == '[14, 21, "rested"]'


def test_a_plain_function_answers_its_caller(desk: Desk) -> None:
    desk.runtime.functions["triples"] = PlainFunction(warm(lambda event, context: 3 * event))

    assert desk.dispatcher.call("triples", "7").result == "21"
    with pytest.raises(ResourceNotFoundError, match="Function missing is not known here"):
        desk.dispatcher.call("missing", "7")


def test_a_full_disk_holds_executions_up_until_there_is_room(desk: Desk) -> None:
    database = desk.runtime.journals.database
    is_full = threading.Event()

    @durable_execution
    def fills(event: object, context: DurableContext) -> None:
        (pages,) = database.row("PRAGMA page_count") or (0,)
        database.row(f"PRAGMA max_page_count = {pages + 2}")
        try:
            for number in range(9):
                context.step(lambda _: "x" * 9_000, name=f"fill-{number}")
        finally:
            is_full.set()

    desk.host("f", fills)
    arn = desk.start()
    assert is_full.wait(PATIENCE)
    desk.host("f", ends)
    assert desk.dispatcher.wait(arn, 0.05).status == "RUNNING"
    database.row("PRAGMA max_page_count = 1000000")

    assert desk.end(arn).result == '"done"'


def test_what_fails_for_a_reason_of_its_own_is_told_and_not_tried_again_and_again(
    opened: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def invoke(self, invocation: object, context: object) -> object:
            raise LookupError("a mistake in the host")

    desk = opened(SystemClock())
    desk.host("f", doubles)
    desk.runtime.functions["broken"] = Function(Broken())
    desk.dispatcher.start()
    arn = desk.start("broken")

    assert desk.run(event=4).result == "8"
    assert desk.run(event=4).result == "8"
    assert desk.runtime.executions.get(arn).invocations == 1
    assert "a mistake in the host" in caplog.text


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), SystemExit(3)])
def test_a_handler_that_would_end_the_process_ends_its_execution_alone(desk: Desk, raised: BaseException) -> None:
    def quits(event: object, context: object) -> None:
        raise raised

    desk.host("quits", quits)
    desk.host("f", doubles)

    execution = desk.run("quits")

    assert (execution.status, execution.invocations) == ("FAILED", 5)
    assert desk.run(event=4).result == "8"


def test_to_close_is_to_wait_for_what_runs_and_to_begin_nothing(opened: Opening) -> None:
    desk = opened(workers=1)
    begun, go_on = blocked(desk)
    desk.dispatcher.start()
    running, waiting = desk.start("blocked"), desk.start("blocked")
    assert begun.acquire(timeout=PATIENCE)

    *_, watching = (thread for thread in threading.enumerate() if thread.name == "durable-time")
    closing = threading.Thread(target=desk.dispatcher.close, args=(PATIENCE,))
    closing.start()
    watching.join(PATIENCE)
    go_on.set()
    closing.join(PATIENCE)

    assert desk.runtime.executions.get(running).status == "SUCCEEDED"
    assert desk.runtime.executions.get(waiting).invocations == 0


def test_who_is_still_running_after_the_close_can_write_no_more_and_is_begun_anew(opened: Opening) -> None:
    desk = opened()
    begun, go_on = blocked(desk, "f")
    desk.dispatcher.start()
    arn = desk.start()
    assert begun.acquire(timeout=PATIENCE)
    answers: list[Execution] = []
    caller = threading.Thread(target=lambda: answers.append(desk.end(arn)))
    caller.start()

    desk.dispatcher.close(patience_seconds=0.01)
    caller.join(PATIENCE)
    go_on.set()
    desk.runtime.journals.database.close()
    successor = opened()
    successor.host("f", ends)
    successor.dispatcher.start()

    assert [answer.status for answer in answers] == ["RUNNING"]
    assert successor.end(arn).invocations == 2


def test_only_one_server_runs_the_executions_of_a_database(opened: Opening) -> None:
    first, second = opened(), opened()
    second.host("f", doubles)
    first.dispatcher.start()

    with pytest.raises(StoreError, match=r"durable\.sqlite are being run by another process"):
        second.dispatcher.start()
    with pytest.raises(StoreError, match="use another --database"):
        second.runtime.run(second.start())


def test_runs_of_single_executions_share_a_database_but_not_with_a_server(opened: Opening) -> None:
    first, second, server = opened(), opened(), opened()
    for desk in (first, second):
        desk.host("f", doubles)
        assert desk.runtime.run(desk.start(event=4)).result == "8"

    with pytest.raises(StoreError, match="are being run by another process"):
        server.dispatcher.start()


def test_a_wait_for_an_end_can_be_given_up(opened: Opening) -> None:
    desk = opened()
    desk.host("f", doubles)

    assert desk.dispatcher.wait(desk.start(event=1), 0.01).status == "RUNNING"


def test_a_thousand_sleeping_executions_cost_no_look(opened: Opening) -> None:
    desk = opened(SystemClock())
    desk.host("f", sleeps)
    desk.host("g", doubles)
    desk.dispatcher.start()
    asleep = threading.Semaphore(0)
    desk.runtime.journals.observers.append(lambda _arn, changed: asleep.release() if changed[0].wait_details else None)
    for _ in range(1_000):
        desk.start("f")
    assert all(asleep.acquire(timeout=PATIENCE) for _ in range(1_000))
    desk.run("g", 1)
    looks = desk.dispatcher.looks

    others = [desk.run("g", number).result for number in range(5)]

    assert others == ["0", "2", "4", "6", "8"]
    assert desk.dispatcher.looks - looks <= 5 * 4
