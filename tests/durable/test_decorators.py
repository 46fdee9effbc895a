from typing import Any

import pytest

from durable import (
    ParallelBranch,
    StepContext,
    durable_parallel_branch,
    durable_step,
    durable_wait_for_callback,
    durable_with_child_context,
)
from tests.durable.execution import ExecutionUnderTest, invoke


@durable_step
def charge(context: StepContext, order: int, *, currency: str = "EUR") -> list[object]:
    """Charge an order."""
    return [order, currency, context.attempt]


@durable_with_child_context
def ship(context: Any, order: int) -> object:
    """Ship an order."""
    return context.step(charge(order, currency="USD"))


@durable_parallel_branch("parcel")
def pack(context: Any, order: int) -> int:
    """Pack an order."""
    return order


@durable_parallel_branch()
def weigh(context: Any, order: int) -> int:
    """Weigh an order."""
    return order * 2


def test_a_decorated_step_is_given_its_arguments_and_names_the_step() -> None:
    invoked = invoke(lambda _event, context: context.step(charge(7)))

    assert invoked.result == [7, "EUR", 1]
    assert invoked.lines == ["STEP START charge", "STEP SUCCEED charge"]


def test_a_name_given_at_the_call_outweighs_the_functions() -> None:
    assert invoke(lambda _event, context: context.step(charge(7), name="pay")).lines[0] == "STEP START pay"


def test_a_decorated_child_is_given_its_arguments_and_names_the_child() -> None:
    invoked = invoke(lambda _event, context: context.run_in_child_context(ship(7)))

    assert invoked.result == [7, "USD", 1]
    assert (invoked.lines[0], invoked.lines[-1]) == ("CONTEXT START ship", "CONTEXT SUCCEED ship")


def test_a_decorated_branch_is_given_its_arguments_and_a_name_if_it_has_one() -> None:
    invoked = invoke(lambda _event, context: context.parallel([pack(1), weigh(2)], name="p").get_results())

    assert invoked.result == [1, 4]
    starts = [line for line in invoked.lines if line.startswith("CONTEXT START")]
    assert sorted(starts) == ["CONTEXT START p", "CONTEXT START parallel-branch-1", "CONTEXT START parcel"]
    assert isinstance(pack(1), ParallelBranch)


def test_a_decorated_function_keeps_its_name_and_text() -> None:
    for function, name, text in (
        (charge, "charge", "Charge an order."),
        (ship, "ship", "Ship an order."),
        (pack, "pack", "Pack an order."),
    ):
        assert (function.__name__, function.__doc__) == (name, text)


@durable_wait_for_callback
def ask(callback_id: str, _context: Any, asked: list[str], *, of: str) -> None:
    """Ask somebody."""
    asked.append(f"{of} {callback_id}")


def test_a_decorated_submitter_is_given_its_arguments_and_names_the_callback() -> None:
    asked: list[str] = []
    execution = ExecutionUnderTest()

    invoked = execution.invoke(lambda _event, context: context.wait_for_callback(ask(asked, of="Ada")))

    (callback,) = (each for each in execution.operations if each.callback_details)
    assert callback.callback_details
    assert asked == [f"Ada {callback.callback_details.callback_id}"]
    assert invoked.lines[0] == "CONTEXT START ask"


def test_what_is_bound_knows_the_name_of_its_function() -> None:
    bound = (charge(7), ship(7), ask([], of="Ada"))

    assert [getattr(each, "_original_name", None) for each in bound] == ["charge", "ship", "ask"]


def test_a_branch_has_the_name_it_is_given_and_no_other() -> None:
    assert (pack(1).name, weigh(1).name) == ("parcel", None)


def test_each_binding_keeps_its_own_arguments() -> None:
    invoked = invoke(lambda _event, context: [context.step(each) for each in (charge(1), charge(2))])

    assert invoked.result == [[1, "EUR", 1], [2, "EUR", 1]]


@pytest.mark.parametrize(
    ("bound", "arguments"),
    [(lambda: charge("too", "many"), "charge"), (lambda: ship(of="whom"), "ship")],  # type: ignore[arg-type,call-arg]
)
def test_wrong_arguments_fail_where_the_function_runs(bound: Any, arguments: str) -> None:
    execution = ExecutionUnderTest()

    invoked = execution.invoke(lambda _event, context: context.run_in_child_context(bound(), name="c"))

    assert (invoked.status, arguments in invoked.error["ErrorMessage"]) == ("FAILED", True)
