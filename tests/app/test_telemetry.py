"""What executions tell of themselves, whatever is replayed, imported anew or interrupted meanwhile."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.domain.limits import Limits
from app.domain.measures import of_execution, of_pipeline
from app.ports.data_source import SourceUnavailableError
from app.ports.notifier import NotifierUnavailableError
from app.telemetry import Measure, Telemetry
from app.workflows.cart_reminder import CartReminderWorkflow
from durable import DurableContext, durable_execution
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from durable_local.testing.crashing import CrashingService, CrashPoint
from durable_local.testing.delivery import delivered
from tests.app.workflows.conftest import pipeline, words
from tests.app.workflows.reminders import EVENT
from tests.fakes.carts import MemoryCarts
from tests.fakes.logger import KeptLines
from tests.fakes.metrics import AddedMetrics
from tests.fakes.moments import CountingClock
from tests.fakes.notifier import MemoryNotifier
from tests.fakes.tracer import DrawnSegments

Run = Callable[[Any, DurableContext], Any]

TEAS_AND_CUPS = {"event_contexts": ["teas", "cups"]}
SMALL = Limits(operations=30, reserve_percent=0, page_rows=2, batch_pages=2)
"""Forty rows are more than one execution has operations for, so there are two shards."""


@dataclass
class Told:
    """Runs a workflow with its plugins, and keeps what they tell."""

    run_workflow: Callable[[], Run]
    measure: Measure = of_execution
    sandbox: Literal["warm", "cold"] = "warm"
    logger: KeptLines = field(default_factory=KeptLines)
    metrics: AddedMetrics = field(default_factory=AddedMetrics)
    tracer: DrawnSegments = field(default_factory=DrawnSegments)

    def handler(self) -> Handler:
        """A sandbox that has just begun."""
        telemetry = Telemetry(metrics=lambda: self.metrics, tracer=lambda: self.tracer)
        run = self.run_workflow()

        @durable_execution(plugins=telemetry.plugins("shop", self.logger, self.measure))
        def handler(event: object, context: DurableContext) -> object:
            return run(event, context)

        return handler

    def run(self, event: object, crash: CrashingService | None = None) -> DurableFunctionTestResult:
        """The execution after its end."""
        warm, service = self.handler(), crash or CrashingService()
        load = self.handler if self.sandbox == "cold" else lambda: warm
        with DurableFunctionTestRunner(loader=delivered(load, service), presenter=service.before) as runner:
            return runner.run(event, "nightly")

    def steps(self, *names: str) -> list[tuple[object, ...]]:
        """The lines of steps: those facts of each that are named."""
        return [tuple(line.get(name) for name in names) for line in self.logger.lines if line["message"] == "Step ran"]


@pytest.fixture(params=["warm", "cold"])
def sandbox(request: pytest.FixtureRequest) -> Literal["warm", "cold"]:
    kind: Literal["warm", "cold"] = request.param
    return kind


def reminders(*troubles: Exception) -> Callable[[], Run]:
    """Makes cart reminders for a customer who cannot be told so often."""
    carts, notifier, clock = MemoryCarts(), MemoryNotifier(troubles), CountingClock()
    return lambda: CartReminderWorkflow(carts=carts, notifier=notifier, clock=clock, remind_after_seconds=60).run


def pipelines(limits: Limits | None = None, rows: int = 3) -> Callable[[], Run]:
    """Makes pipelines of two data types; the second has a bad row, and cannot be fetched at first."""
    made = pipeline(
        MemoryStorage(),
        limits,
        teas=words(*(f"t{number}" for number in range(rows))),
        cups=words("c1", "bad", troubles=[SourceUnavailableError("down for a moment")]),
    )
    return lambda: made().run


def crashes() -> Iterator[CrashingService]:
    """An invocation that dies before, then after each checkpoint, until there is no further one."""
    for number in count(1):
        for after in (False, True):
            crash = CrashingService(CrashPoint(number, after))
            yield crash
            if not crash.crashed_at:
                return


def test_an_outcome_is_counted_once_however_many_invocations_it_took(sandbox: Literal["warm", "cold"]) -> None:
    told = Told(reminders(NotifierUnavailableError("not now")), sandbox=sandbox)

    result = told.run(EVENT)

    assert result.invocations == 3
    assert told.metrics.totals == {"Executions shop reminded": 1}


def test_rows_and_documents_are_counted_once_by_data_type(sandbox: Literal["warm", "cold"]) -> None:
    told = Told(pipelines(), of_pipeline, sandbox)

    result = told.run(TEAS_AND_CUPS)

    assert result.invocations == 2
    assert told.metrics.totals == ALL_ROWS


ALL_ROWS = {
    "Executions shop succeeded": 1,
    "RowsIngested shop teas": 3,
    "RowsRejected shop teas": 0,
    "DocumentsStored shop teas": 3,
    "RowsIngested shop cups": 2,
    "RowsRejected shop cups": 1,
    "DocumentsStored shop cups": 1,
}


@pytest.mark.parametrize(
    ("made", "measure", "event", "totals"),
    [
        (reminders, of_execution, EVENT, {"Executions shop reminded": 1}),
        (pipelines, of_pipeline, TEAS_AND_CUPS, ALL_ROWS),
    ],
)
def test_it_is_counted_once_wherever_an_invocation_dies(
    made: Callable[[], Callable[[], Run]], measure: Measure, event: object, totals: Mapping[str, int]
) -> None:
    tried = 0
    for crash in crashes():
        told = Told(made(), measure, "cold")

        told.run(event, crash)

        assert told.metrics.totals == totals, crash.point
        tried += bool(crash.crashed_at)
    assert tried >= 8


def test_rows_of_shards_are_counted_by_the_execution_that_they_come_from() -> None:
    told = Told(pipelines(SMALL, rows=40), of_pipeline)

    told.run({"event_contexts": ["teas"]})

    assert told.metrics.totals["Executions shop succeeded"] == 3
    assert told.metrics.totals["RowsIngested shop teas"] == told.metrics.totals["DocumentsStored shop teas"] == 40


def test_an_execution_that_fails_is_counted_as_failed_and_nothing_else() -> None:
    told = Told(reminders())

    result = told.run({"cart_id": "c-1"})

    assert result.status == "FAILED"
    assert told.metrics.totals == {"Executions shop failed": 1}


def test_each_attempt_of_a_step_is_a_line_and_no_replay_is(sandbox: Literal["warm", "cold"]) -> None:
    told = Told(
        reminders(NotifierUnavailableError("ada's address"), NotifierUnavailableError("again")), sandbox=sandbox
    )

    result = told.run(EVENT)

    assert result.invocations == 4
    assert told.steps("operationName", "attempt", "outcome") == [
        ("cart-added", 1, "SUCCEEDED"),
        ("look-up-cart", 1, "SUCCEEDED"),
        ("send-reminder", 1, "FAILED"),
        ("send-reminder", 2, "FAILED"),
        ("send-reminder", 3, "SUCCEEDED"),
    ]
    assert {arn for (arn,) in told.steps("executionArn")} == {result.execution.arn}
    assert all(isinstance(duration, float) and duration >= 0 for (duration,) in told.steps("durationMs"))


def test_a_steps_line_names_the_kind_of_its_error_and_holds_no_payload() -> None:
    told = Told(reminders(NotifierUnavailableError("ada's address")))

    told.run(EVENT)

    assert told.steps("errorType")[2] == ("app.ports.notifier.NotifierUnavailableError",)
    assert not {text for text in ("ada", "c-1") if text in str([list(line.values()) for line in told.logger.lines[1:]])}


def test_branches_and_other_contexts_are_no_steps() -> None:
    told = Told(pipelines(), of_pipeline)

    told.run(TEAS_AND_CUPS)

    assert {name for (name,) in told.steps("operationName")} == {
        "fetch-data",
        "transform-data",
        "store-transformed-item",
    }
    assert {name for name, _, _ in told.tracer.ended} == {name for (name,) in told.steps("operationName")}


def test_each_attempt_of_a_step_is_a_segment_on_its_own_thread(sandbox: Literal["warm", "cold"]) -> None:
    told = Told(pipelines(), of_pipeline, sandbox)

    told.run(TEAS_AND_CUPS)

    fetched = sorted((attempt, error) for name, attempt, error in told.tracer.ended if name == "fetch-data" if error)
    assert fetched == [("1", "app.ports.data_source.SourceUnavailableError")]
    assert len(told.tracer.ended) == len(told.steps("operationName")) == 13
    assert told.tracer.strayed == []
