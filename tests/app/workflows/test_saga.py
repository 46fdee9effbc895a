from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from app.workflows.saga import Saga, SagaStep
from durable import DurableContext, ExecutionError, durable_execution
from durable.config import Duration, StepConfig
from durable.retries import RetryPresets
from durable_local.testing import DurableFunctionTestResult, run

ONCE = StepConfig(retry_strategy=RetryPresets.none())
TWICE = StepConfig(retry_strategy=RetryPresets.fixed())


class RefusedError(Exception):
    """Nothing was done."""


class BrokenError(Exception):
    """Nobody knows what was done."""


def failing(error: Exception) -> Any:
    raise error


def step(name: str, func: Callable[[], Any] = lambda: None, config: StepConfig = ONCE) -> SagaStep[Any]:
    return SagaStep(name, func, config, refusals=(RefusedError,))


def run_saga(body: Callable[[Saga], Any]) -> DurableFunctionTestResult:
    """An execution of which the saga guards everything."""

    @durable_execution
    def handler(event: object, context: DurableContext) -> Any:
        with Saga(context) as saga:
            return body(saga)

    return run(handler)


def names(result: DurableFunctionTestResult) -> list[str | None]:
    return [each.name for each in result.operations]


def test_a_saga_that_is_finished_undoes_nothing() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        return saga.run(step("reserve", lambda: 7), step("release"))

    result = run_saga(body)

    assert (result.status, result.result) == ("SUCCEEDED", 7)
    assert names(result) == ["pay", "reserve"]


def test_what_ran_is_undone_in_reverse_order_and_the_error_goes_on() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        saga.run(step("reserve"), step("release"))
        raise ValueError("the warehouse burns")

    result = run_saga(body)

    assert result.status == "FAILED"
    assert result.error
    assert (result.error.type, result.error.message) == ("ValueError", "the warehouse burns")
    assert names(result) == ["pay", "reserve", "release", "refund"]


def test_a_step_that_failed_is_undone_too_for_nobody_knows_how_far_it_went() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        saga.run(step("reserve", lambda: failing(BrokenError())), step("release"))

    assert names(run_saga(body)) == ["pay", "reserve", "release", "refund"]


def test_a_step_that_was_refused_is_not_undone() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        saga.run(step("reserve", lambda: failing(RefusedError())), step("release"))

    assert names(run_saga(body)) == ["pay", "reserve", "refund"]


def test_a_compensation_that_fails_at_first_is_tried_again() -> None:
    troubles = [BrokenError("busy"), BrokenError("busy")]

    def refund() -> None:
        if troubles:
            raise troubles.pop()

    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund", refund, TWICE))
        raise ValueError("no")

    result = run_saga(body)

    assert result.error
    assert result.error.message == "no"
    assert result.get_step("refund").attempts == 3


def test_a_compensation_that_fails_for_good_is_told_once_the_others_are_done() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        saga.run(step("reserve"), step("release", partial(failing, BrokenError("shelf locked"))))
        saga.run(step("pack"), step("unpack"))
        raise ValueError("no")

    result = run_saga(body)

    assert names(result) == ["pay", "reserve", "pack", "unpack", "release", "refund"]
    assert result.error
    assert result.error.type == "app.workflows.saga.CompensationFailedError"
    assert result.error.message == "1 compensations failed, do them by hand: release: shelf locked"


def test_a_suspension_undoes_nothing() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        saga.context.wait(Duration.from_hours(1), "pause")
        return "paid"

    result = run_saga(body)

    assert (result.status, result.invocations) == ("SUCCEEDED", 2)
    assert names(result) == ["pay", "pause"]


def test_an_error_that_ends_the_execution_as_it_stands_undoes_nothing() -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        raise ExecutionError("the code has drifted from its record")

    assert names(run_saga(body)) == ["pay"]


def test_a_saga_tells_what_it_has_undone() -> None:
    undone = list[list[str]]()

    def body(saga: Saga) -> Any:
        undone.append(saga.undone)
        saga.run(step("pay"), step("refund"))
        saga.run(step("reserve"), step("release"))
        raise ValueError("no")

    run_saga(body)

    assert undone == [["release", "refund"]]


@pytest.mark.parametrize("is_undone", [True, False])
def test_a_saga_may_be_undone_by_hand_once(*, is_undone: bool) -> None:
    def body(saga: Saga) -> Any:
        saga.run(step("pay"), step("refund"))
        if is_undone:
            saga.compensate()
        raise ValueError("no")

    assert names(run_saga(body)) == ["pay", "refund"]
