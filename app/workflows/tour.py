"""The tour: one execution that uses every durable operation once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from app.domain import tour
from app.domain.keys import execution_name
from app.domain.pipeline import Receipt
from app.domain.tour import Outcome, Polled, TourKeys, TourSummary, WorkItem
from app.ports.readiness import Readiness, ReadinessUnavailableError
from app.ports.storage import Storage, StorageUnavailableError
from durable import BatchResult, DurableContext, ParallelBranch
from durable.config import Duration, JitterStrategy, MapConfig, StepConfig, WaitForCallbackConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.serdes import JsonSerDes
from durable.types import WaitForCallbackContext, WaitForConditionCheckContext
from durable.waits import WaitForConditionConfig, WaitStrategyConfig, create_wait_strategy

Value = TypeVar("Value")

RETRY_WHAT_MAY_PASS = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=5,
        initial_delay=Duration.from_seconds(1),
        retryable_error_types=[StorageUnavailableError],
    )
)
STEP = StepConfig(retry_strategy=RETRY_WHAT_MAY_PASS, serdes=JsonSerDes())
CALLBACK = WaitForCallbackConfig(timeout=Duration.from_minutes(60), retry_strategy=RETRY_WHAT_MAY_PASS)
NAMED_ITEMS = MapConfig(item_namer=lambda item, _: item["name"], item_serdes=JsonSerDes())
POLLS = WaitForConditionConfig(
    wait_strategy=create_wait_strategy(
        WaitStrategyConfig[Polled](
            should_continue_polling=lambda polled: not polled["ready"],
            max_attempts=20,
            initial_delay=Duration.from_seconds(3),
            backoff_rate=1,
            jitter_strategy=JitterStrategy.NONE,
        )
    ),
    initial_state=Polled(polls=0, ready=False),
    serdes=JsonSerDes(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TourWorkflow:
    """Labels some work items once somebody outside agrees, and reports.

    - Each operation has a name, and leaves a result or a document to look at.
    - The callback's id is kept by the service alone: who answers names the execution and the operation.
    - Nothing waits for ever: an hour for the answer, twenty polls for readiness.
    - A branch or an item that fails for good fails the execution.
    """

    storage: Storage
    readiness: Readiness
    greeting_function: str

    def run(self, event: object, context: DurableContext) -> TourSummary:
        """Every operation, one after the other."""
        request = tour.requested_tour(event)
        keys = TourKeys(execution_name(context.execution_context.durable_execution_arn))
        items = context.step(lambda _: tour.work_items(request.items), "process-input", STEP)
        answer = context.wait_for_callback(
            lambda _, about: self.ask(keys, items, about), "wait-for-external-callback", CALLBACK
        )
        context.wait(Duration.from_seconds(5), "wait-five-seconds")
        found = results(context.parallel([branch(name, items) for name in tour.TASKS], "find-out"))
        labels = results(context.map(items, partial(self.label, keys), "label-items", NAMED_ITEMS))
        polled = context.wait_for_condition(partial(self.poll, keys), POLLS, "wait-until-ready")
        greeted = context.invoke(self.greeting_function, {"name": request.name}, "greeting")
        outcome = Outcome(
            greeting=greeted["greeting"],
            answer=tour.answer(answer),
            found=dict(zip(tour.TASKS, found, strict=True)),
            labels=[receipt["key"] for receipt in labels],
            polls=polled["polls"],
        )
        return context.run_in_child_context(partial(self.report, keys, outcome), "report")

    def ask(self, keys: TourKeys, items: Sequence[WorkItem], context: WaitForCallbackContext) -> Receipt:
        """Store the question for whoever is to answer; they name the execution, so the id stays with the service."""
        key = keys.of("question")
        context.logger.info("An answer is awaited", extra={"question": self.storage.locate(key)})
        return self.storage.put(key, tour.question(items).encode())

    def label(self, keys: TourKeys, context: DurableContext, item: WorkItem, *_: object) -> Receipt:
        """Store the label of one work item."""
        body = tour.label(item).encode()
        return context.step(lambda _: self.storage.put(keys.of(item["name"]), body), "store-label", STEP)

    def poll(self, keys: TourKeys, last: Polled, context: WaitForConditionCheckContext) -> Polled:
        """Ask once more whether the labels are ready; where nobody can tell, they are not."""
        polls = last["polls"] + 1
        try:
            return Polled(polls=polls, ready=self.readiness.is_ready(keys.execution, polls))
        except ReadinessUnavailableError as error:
            context.logger.warning("Readiness is unknown", extra={"poll": polls, "reason": str(error)})
            return Polled(polls=polls, ready=False)

    def report(self, keys: TourKeys, outcome: Outcome, context: DurableContext) -> TourSummary:
        """Write the report and store it."""
        text = context.step(lambda _: tour.report(outcome), "write-report", STEP)
        address = context.step(lambda _: self.store(keys.of("report"), text), "store-report", STEP)
        return TourSummary(**outcome, report=address)

    def store(self, key: str, text: str) -> str:
        """Store a text; the answer is its address."""
        self.storage.put(key, text.encode())
        return self.storage.locate(key)


def branch(task: str, items: Sequence[WorkItem]) -> ParallelBranch[object]:
    """One task on all work items, as a branch of its name."""
    texts = [item["text"] for item in items]
    return ParallelBranch(lambda context: context.step(lambda _: tour.TASKS[task](texts), "look-at-items", STEP), task)


def results(batch: BatchResult[Value]) -> list[Value]:
    """What the branches returned; the error of one that failed."""
    batch.throw_if_error()
    return batch.get_results()
