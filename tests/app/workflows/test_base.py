from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest

from app.domain.errors import BranchesFailedError
from app.workflows.base import ParallelWorkflow, summarise
from durable import BatchResult, DurableContext
from durable.config import Duration
from tests.app.workflows.conftest import RunPipeline, words

KNOWN = {"teas": words(), "coffees": words(), "spices": words()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting(ParallelWorkflow[str]):
    """Greets each event context in a step; those in `rude` fail."""

    rude: tuple[str, ...] = ()

    def execute(self, event_context: str, child_context: DurableContext) -> str:
        child_context.wait(Duration.from_minutes(5), "think")
        if event_context in self.rude:
            raise ValueError(f"{event_context} says nothing")
        return child_context.step(lambda _: f"hello {event_context}", "greet")


def test_each_event_context_runs_in_a_child_context_of_its_name(run_pipeline: RunPipeline) -> None:
    result = run_pipeline(lambda: Greeting(data_types=KNOWN), "spices", "teas")

    assert result.result == {"spices": "hello spices", "teas": "hello teas"}
    assert result.operations[0].name == "execute-contexts-in-parallel"
    names = {operation.operation_id: operation.name for operation in result.operations}
    assert {names[operation.parent_id or ""] for operation in result.operations_named("greet")} == {"spices", "teas"}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (
            {"event_contexts": ["teas", "stones"]},
            "Unknown event contexts: 'stones'; known are 'coffees', 'spices', 'te",
        ),
        ({"event_contexts": ["teas", "teas"]}, "named twice: 'teas'"),
        ({"event_contexts": []}, "is empty"),
        ({"anything": "else"}, '"event_contexts"'),
    ],
)
def test_a_wrong_request_fails_the_execution_before_its_first_operation(
    run_pipeline: RunPipeline, event: object, reason: str
) -> None:
    result = run_pipeline(lambda: Greeting(data_types=KNOWN), event=event)

    assert (result.status, result.operations, result.invocations) == ("FAILED", [], 1)
    assert result.error
    assert reason in (result.error.message or "")
    assert (result.error.type or "").endswith("InvalidRequestError")


def test_the_articles_spelling_is_accepted(run_pipeline: RunPipeline) -> None:
    result = run_pipeline(lambda: Greeting(data_types=KNOWN), event={"eventContexts": ["teas"]})

    assert result.result == {"teas": "hello teas"}


def test_every_branch_finishes_and_the_failed_ones_are_named(run_pipeline: RunPipeline) -> None:
    result = run_pipeline(lambda: Greeting(data_types=KNOWN, rude=("teas", "spices")), "teas", "coffees", "spices")

    assert result.status == "FAILED"
    assert result.error
    assert result.error.message == ("2 of the branches failed: teas: teas says nothing; spices: spices says nothing")
    assert len(result.operations_named("greet")) == 1


def test_summaries_keep_the_order_of_the_request() -> None:
    results: BatchResult[Any] = BatchResult.from_dict(
        {
            "all": [{"index": 0, "status": "SUCCEEDED", "result": 1}, {"index": 1, "status": "SUCCEEDED", "result": 2}],
            "completionReason": "ALL_COMPLETED",
        }
    )

    assert list(summarise(["teas", "coffees"], results).items()) == [("teas", 1), ("coffees", 2)]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"ErrorMessage": "out of tea", "ErrorType": "builtins.ValueError"}, "out of tea"),
        ({"ErrorType": "builtins.KeyError"}, "builtins.KeyError"),
        (None, "no reason told"),
    ],
)
def test_a_failure_is_told_as_well_as_it_is_known(error: dict[str, str] | None, told: str) -> None:
    results: BatchResult[Any] = BatchResult.from_dict(
        {"all": [{"index": 0, "status": "FAILED", "error": error}], "completionReason": "ALL_COMPLETED"}
    )

    with pytest.raises(BranchesFailedError, match=f"^1 of the branches failed: teas: {told}$") as failed:
        summarise(["teas"], results)

    assert failed.value.failures == {"teas": told}


def test_a_workflow_takes_no_state() -> None:
    workflow = Greeting(data_types=KNOWN)

    with pytest.raises(FrozenInstanceError):
        workflow.rude = ("teas",)  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        workflow.fetched = []  # type: ignore[attr-defined]
