"""How a difference from the record is told."""

from typing import Any

import pytest

from durable.execution import durable_execution
from durable_local.hosts.loading import Handler
from durable_local.replay.divergence import Divergence
from durable_local.replay.verdict import judge
from durable_local.testing import run
from tests.durable.programs import names_under
from tests.durable_local.replay.edits import CODE, Code
from tests.durable_local.replay.orders import as_json, ended, handler_of, unexpected

NAMES = names_under("durable")


def diverging(recorded: Handler, current: Handler) -> Divergence:
    """Where code parts from what other code has recorded to its end."""
    divergence = judge(current, as_json(run(recorded))).divergence
    assert divergence
    return divergence


def step(name: str, result: object = "done") -> Handler:
    return durable_execution(lambda _, context: context.step(lambda _: result, name=name))


def test_both_sides_are_told_with_what_they_are_called() -> None:
    assert diverging(step("charge"), step("pay")) == Divergence(("charge",), "Step charge, SUCCEEDED", "Step pay")


@pytest.mark.parametrize("name", ["it's", 'the "best"', "a; name checkpoint='x' current='y'", "50%", "[red]"])
def test_any_name_is_told_as_it_is(name: str) -> None:
    assert diverging(step(name), step("pay")).recorded == f"Step {name}, SUCCEEDED"


@pytest.mark.parametrize("name", ["it's", 'the "best"', "its 'best' \"name\"", "[red]"])
def test_any_new_name_is_told_as_it_is(name: str) -> None:
    assert diverging(step("pay"), step(name)).current == f"Step {name}"


def test_another_type_of_the_same_sub_type_is_told() -> None:
    def waiting(_event: object, context: Any) -> None:
        context.run_in_child_context(lambda _: None, "a", NAMES.ChildConfig(sub_type="Step"))

    assert diverging(step("a"), durable_execution(waiting)).current == "Step a of type CONTEXT"


def test_an_operation_that_moves_to_another_context_is_told_with_its_new_place() -> None:
    def inside(*, is_virtual: bool) -> Handler:
        config = NAMES.ChildConfig(is_virtual=is_virtual)

        def body(child: Any) -> object:
            return child.run_in_child_context(lambda inner: inner.step(lambda _: 1, name="a"), "inner", config)

        return durable_execution(lambda _, context: context.run_in_child_context(body, "outer").bit_length())

    recorded = as_json(run(inside(is_virtual=True)))[:4]

    divergence = judge(inside(is_virtual=False), recorded).divergence

    assert divergence == Divergence(
        ("outer", "a"), "Step a, SUCCEEDED", "RunInChildContext inner, which is new, comes before it"
    )


def test_an_end_before_a_recorded_operation_is_told() -> None:
    assert diverging(step("a"), durable_execution(lambda *_: 1)) == Divergence(
        ("a",), "Step a, SUCCEEDED", "The code ends before this recorded STEP a."
    )


def test_an_operation_that_is_new_in_a_context_that_has_ended_is_told_with_its_context() -> None:
    def large(*names: str) -> Handler:
        def body(child: Any) -> str:
            return "x" * 300_000 * len([child.step(lambda _: 1, name=name) for name in names])

        return durable_execution(lambda _, context: len(context.run_in_child_context(body, "large")))

    divergence = diverging(large("a"), large("a", "b"))

    assert divergence == Divergence(("large",), "nothing", "'b' is new in an operation that has ended.")


def test_a_result_that_no_longer_reads_is_told_with_its_text() -> None:
    def reading(serdes: Any) -> Handler:
        config = NAMES.StepConfig(serdes=serdes)
        return durable_execution(lambda _, context: context.step(lambda _: "a" * 999, "a", config))

    divergence = diverging(reading(NAMES.PassThroughSerDes()), reading(NAMES.JsonSerDes()))

    assert divergence.recorded == f"Step a, SUCCEEDED with {'a' * 200}…"
    assert divergence.current.startswith("cannot read that: SerDesError: ")


ENDINGS: dict[str, tuple[Handler, Handler, str, str]] = {
    "another result": (step("a", 1), durable_execution(lambda _, c: c.step(unexpected, name="a") + 1), "1", "2"),
    "a failure": (step("a", 1), durable_execution(lambda _, c: c.step(unexpected, name="a")["b"]), "1", "TypeError"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_another_end_than_the_recorded_one_is_told(ending: str) -> None:
    before, after, recorded, current = ENDINGS[ending]

    divergence = diverging(before, after)

    assert divergence.path == ()
    assert divergence.recorded == f"returns {recorded}"
    assert current in divergence.current


def test_code_that_goes_on_where_the_recorded_one_ended_is_told() -> None:
    code = Code(closing=("ship", "thank"))

    divergence = judge(handler_of(code, unexpected), ended()).divergence

    assert divergence
    assert (divergence.path, divergence.current) == ((), "begins Step thank")


def test_an_end_that_is_the_same_is_no_divergence() -> None:
    assert judge(handler_of(CODE, unexpected), ended()).divergence is None


def test_a_failure_that_is_the_recorded_one_is_no_divergence() -> None:
    def failing(_event: object, context: Any) -> object:
        return context.step(lambda _: {}, name="a")["b"]

    handler = durable_execution(failing)

    assert judge(handler, as_json(run(handler))).divergence is None
