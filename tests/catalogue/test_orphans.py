"""Rows 33 to 36 of the failure catalogue: what a batch or an invocation leaves behind."""

import gc
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from durable.config import Duration, NestingType, ParallelConfig
from durable.exceptions import OrphanedChildException
from durable.execution import durable_execution
from durable.model import CheckpointOutput
from durable.scheduler import ThreadScheduler
from durable.waits import WaitForConditionConfig
from tests.catalogue.effects import Effects
from tests.catalogue.polls import met
from tests.catalogue.signals import Signal
from tests.catalogue.stragglers import ENDED_WITHOUT_IT, QUORUM, Straggler
from tests.durable.execution import ExecutionUnderTest, invoke, presented
from tests.durable.recording import PATIENCE, Call

Branch = Callable[[Any], object]


def when_sent(execution: ExecutionUnderTest, what: str, then: Callable[[], object]) -> None:
    """Do something while the first checkpoint that holds an update is on its way."""

    def fault(call: Call) -> CheckpointOutput:
        sent = [f"{update.operation_type} {update.action} {update.name}" for update in execution.service.batches[-1]]
        if what in sent:
            then()
        return call()

    execution.service.faults = dict.fromkeys(range(1, 100), fault)


def test_33_what_an_orphan_ends_after_its_batch_is_not_recorded() -> None:
    execution, orphan_over = ExecutionUnderTest(), Signal()
    batch_sent = Signal()

    def straggle(inner: Any) -> object:
        try:
            return inner.step(batch_sent.await_it, name="slow")
        finally:
            orphan_over.give()

    def hold_the_batch() -> None:
        batch_sent.give()
        orphan_over.await_it()

    straggler = Straggler(straggle)
    when_sent(execution, "CONTEXT SUCCEED p", hold_the_batch)

    invoked = execution.invoke(straggler.program)

    assert (invoked.result, straggler.told) == (ENDED_WITHOUT_IT, [OrphanedChildException])
    assert invoked.lines[-1] == "CONTEXT SUCCEED p"
    assert "STEP SUCCEED slow" not in invoked.lines


def test_33_what_an_orphan_ends_before_its_batch_is_recorded_before_it() -> None:
    execution, orphan_sent = ExecutionUnderTest(), Signal()
    when_sent(execution, "STEP SUCCEED slow", orphan_sent.give)

    def slow(inner: Any) -> object:
        return inner.step(lambda _: "done", name="slow")

    invoked = execution.invoke(
        lambda _event, context: context.parallel([orphan_sent.await_it, slow], name="p", config=QUORUM).success_count
    )

    assert invoked.status == "SUCCEEDED"
    assert invoked.lines[-1] == "CONTEXT SUCCEED p"
    assert "STEP SUCCEED slow" in invoked.lines


def late_operations(effects: Effects) -> dict[str, Branch]:
    late = effects.of("late")
    return {
        "step": lambda c: c.step(late, name="late"),
        "step of a child": lambda c: c.run_in_child_context(lambda inner: inner.step(late), name="late"),
        "child": lambda c: c.run_in_child_context(late, name="late"),
        "wait": lambda c: c.wait(Duration(1), name="late"),
        "callback": lambda c: c.create_callback("late"),
        "submitter": lambda c: c.wait_for_callback(lambda *_: late(c), name="late"),
        "poll": lambda c: c.wait_for_condition(lambda *_: late(c), WaitForConditionConfig(met, ""), name="late"),
        "invoke": lambda c: c.invoke("function", None, name="late"),
        "map": lambda c: c.map([1], lambda inner, *_: late(inner), name="late"),
        "flat parallel": lambda c: c.parallel([late], "late", ParallelConfig(nesting_type=NestingType.FLAT)),
    }


@pytest.mark.parametrize("operation", late_operations(Effects()))
def test_34_an_orphan_starts_no_new_operation_once_its_parent_has_ended(operation: str) -> None:
    effects = Effects()

    def straggle(inner: Any) -> object:
        straggler.batch_ended.await_it()
        return late_operations(effects)[operation](inner)

    straggler = Straggler(straggle)

    invoked = invoke(straggler.program)

    assert (invoked.result, effects, straggler.told) == (ENDED_WITHOUT_IT, [], [OrphanedChildException])
    assert invoked.lines[-1] == "CONTEXT SUCCEED p"


def test_34_an_orphan_within_a_nested_batch_is_one_too() -> None:
    effects = Effects()

    def late(inner: Any) -> object:
        straggler.batch_ended.await_it()
        return effects.step(inner, "late")

    straggler = Straggler(lambda inner: inner.parallel([late, late], name="nested").total_count)

    invoked = invoke(straggler.program)

    assert (invoked.result, effects) == (ENDED_WITHOUT_IT, [])
    assert invoked.lines[-1] == "CONTEXT SUCCEED p"


class ImpatientScheduler(ThreadScheduler):
    """Where it may give up waiting for tasks, it does so at once."""

    def join(self, patience: float | None) -> None:
        super().join(None if patience is None else 0)


def test_35_an_early_end_does_not_wait_for_the_code_of_an_orphan() -> None:
    execution, effects, release = ExecutionUnderTest(), Effects(), Signal()

    def straggle(inner: Any) -> None:
        inner.step(release.await_it, name="endless")
        effects.step(inner, "late")

    event = replace(presented(execution.begin(), execution.service), scheduler=ImpatientScheduler())
    straggler = Straggler(straggle)

    answer = durable_execution(straggler.program)(event, None)
    told_before_the_answer = list(straggler.told)
    release.give()
    for thread in [each for each in threading.enumerate() if each.name == "durable-branch"]:
        thread.join(PATIENCE)

    assert (answer["Status"], told_before_the_answer) == ("SUCCEEDED", [])
    assert (len(straggler.told), effects) == (1, [])


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def held_by_the_core() -> Counter[str]:
    gc.collect()
    kinds = (type(each) for each in gc.get_objects())
    return Counter(kind.__qualname__ for kind in kinds if str(kind.__module__).startswith("durable."))


def test_36_a_hundred_and_fifty_warm_runs_leave_no_thread_no_file_and_no_object() -> None:
    def run() -> None:
        batch = invoke(lambda _e, c: c.map(range(4), lambda i, n, *_: i.step(lambda _: n), name="m").get_results())
        assert batch.result == [0, 1, 2, 3]

    run()
    # What earlier tests have left may go meanwhile; nothing may come.
    objects, files, threads = held_by_the_core(), open_files(), threading.active_count()

    for _ in range(150):
        run()

    assert held_by_the_core() - objects == Counter()
    assert open_files() <= files
    assert threading.active_count() <= threads
