from typing import Any

from durable import ParallelBranch, StepContext, durable_parallel_branch, durable_step, durable_with_child_context
from tests.durable.execution import invoke


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
