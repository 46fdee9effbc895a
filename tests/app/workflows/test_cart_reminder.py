from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any, Literal

import pytest

from app.domain.carts import Cart
from app.domain.notices import Notice
from app.ports.carts import Carts, CartsError, CartsUnavailableError
from app.ports.notifier import NotifierError, NotifierUnavailableError
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.workflows.reminders import DAY, EVENT, NAME, Reminders
from tests.fakes.carts import MemoryCarts
from tests.fakes.notifier import MemoryNotifier

STEPS = ["cart-added", "wait-for-checkout", "look-up-cart", "send-reminder"]
REMINDER = Notice("ada", "Your cart is waiting", "You have left something in cart c-1.")
NOON = "2025-12-31T12:00:00.000+00:00"


@pytest.fixture(params=["warm", "cold"])
def sandbox(request: pytest.FixtureRequest) -> Literal["warm", "cold"]:
    """Warm, one workflow serves every invocation; cold, each invocation has a workflow and a handler of its own."""
    sandbox: Literal["warm", "cold"] = request.param
    return sandbox


class CheckedOutMeanwhile(MemoryCarts):
    """Carts that an order closes as soon as they are added: while the reminder waits."""

    def add(self, cart_id: str, customer_id: str, at: str) -> Cart:
        super().add(cart_id, customer_id, at)
        return self.check_out(cart_id, "o-7", NOON)


class LosingCarts(MemoryCarts):
    """Carts that somebody deletes while the reminder waits."""

    def find(self, cart_id: str) -> Cart | None:
        self.kept.clear()
        return super().find(cart_id)


def names(result: DurableFunctionTestResult) -> list[str | None]:
    return [operation.name for operation in result.operations]


def waited(result: DurableFunctionTestResult) -> timedelta:
    """From the start of the wait to the time when it was to end; it does end then, or a little later."""
    wait = result.operation("wait-for-checkout")
    assert wait.start_timestamp
    assert wait.end_timestamp
    assert wait.wait_details
    assert wait.wait_details.scheduled_end_timestamp
    assert wait.end_timestamp >= wait.wait_details.scheduled_end_timestamp
    return wait.wait_details.scheduled_end_timestamp - wait.start_timestamp


def test_a_customer_is_told_of_a_cart_that_is_still_open_after_a_day(sandbox: Literal["warm", "cold"]) -> None:
    notifier = MemoryNotifier()

    result = Reminders(sandbox, notifier=notifier).run()

    assert result.status == "SUCCEEDED"
    assert names(result) == STEPS
    assert waited(result) == timedelta(seconds=DAY)
    assert notifier.delivered == {NAME: REMINDER}
    assert result.result == {
        "cart_id": "c-1",
        "outcome": "reminded",
        "at": "2026-01-01T00:00:02.000+00:00",
        "receipt": {"id": f"memory:{NAME}"},
    }


def test_nobody_is_told_of_a_cart_that_was_checked_out_meanwhile(sandbox: Literal["warm", "cold"]) -> None:
    notifier = MemoryNotifier()

    result = Reminders(sandbox, CheckedOutMeanwhile(), notifier).run()

    assert names(result) == STEPS[:-1]
    assert notifier.delivered == {}
    assert result.result == {"cart_id": "c-1", "outcome": "checked-out", "at": NOON, "receipt": None}


def test_nobody_is_told_of_a_cart_whose_order_came_before_it(sandbox: Literal["warm", "cold"]) -> None:
    carts, notifier = MemoryCarts(), MemoryNotifier()
    carts.check_out("c-1", "o-7", NOON)

    result = Reminders(sandbox, carts, notifier).run()

    assert (result.result["outcome"], result.result["at"]) == ("checked-out", NOON)
    assert notifier.delivered == {}


def test_nobody_is_told_of_a_cart_that_is_gone(sandbox: Literal["warm", "cold"]) -> None:
    notifier = MemoryNotifier()

    result = Reminders(sandbox, LosingCarts(), notifier).run()

    assert (result.status, result.result["outcome"], result.result["receipt"]) == ("SUCCEEDED", "gone", None)
    assert notifier.delivered == {}


def test_the_cart_is_kept_with_its_customer(sandbox: Literal["warm", "cold"]) -> None:
    carts = MemoryCarts()

    Reminders(sandbox, carts).run()

    assert carts.kept == {"c-1": Cart("c-1", "ada", "2026-01-01T00:00:00.000+00:00")}


@pytest.mark.parametrize("seconds", [1, 90, 30 * DAY])
def test_the_event_may_say_when_to_remind(sandbox: Literal["warm", "cold"], seconds: int) -> None:
    result = Reminders(sandbox).run({**EVENT, "remind_after_seconds": seconds})

    assert (result.status, waited(result)) == ("SUCCEEDED", timedelta(seconds=seconds))


def test_settings_that_change_meanwhile_do_not_move_the_end_of_the_wait() -> None:
    carts, settings = MemoryCarts(), count(60, 600)

    def sandbox() -> Any:
        return Reminders(carts=carts, remind_after_seconds=next(settings)).handler()

    result = DurableFunctionTestRunner(loader=sandbox).run(EVENT, NAME)

    assert (result.status, result.invocations) == ("SUCCEEDED", 2)
    assert waited(result) == timedelta(seconds=60)
    assert '"remind_after_seconds": 60' in str(result.operation("cart-added").step_details)


@pytest.mark.parametrize("at", ["add", "find"])
def test_carts_in_trouble_are_asked_again(sandbox: Literal["warm", "cold"], at: str) -> None:
    carts, notifier = MemoryCarts([CartsUnavailableError("busy")] * 3, at), MemoryNotifier()

    result = Reminders(sandbox, carts, notifier).run()

    assert result.status == "SUCCEEDED"
    assert len([call for call in carts.calls if call.startswith(at)]) == 4
    assert notifier.delivered == {NAME: REMINDER}


def test_a_notifier_in_trouble_is_asked_again_and_tells_once(sandbox: Literal["warm", "cold"]) -> None:
    notifier = MemoryNotifier([NotifierUnavailableError("busy")] * 3)

    result = Reminders(sandbox, notifier=notifier).run()

    assert result.status == "SUCCEEDED"
    assert result.get_step("send-reminder").attempts == 4
    assert notifier.delivered == {NAME: REMINDER}


@pytest.mark.parametrize(
    ("carts", "notices", "operations"),
    [
        (MemoryCarts([CartsError("no table")], "add"), [], STEPS[:1]),
        (MemoryCarts([CartsError("no table")], "find"), [], STEPS[:3]),
        (MemoryCarts(), [NotifierError("no topic")], STEPS),
        (MemoryCarts([CartsUnavailableError("busy")] * 100, "find"), [], STEPS[:3]),
        (MemoryCarts(), [NotifierUnavailableError("busy")] * 100, STEPS),
    ],
    ids=["final add", "final look", "final notice", "endless look", "endless notice"],
)
def test_what_does_not_pass_fails_the_execution(
    carts: Carts, notices: Sequence[Exception], operations: list[str]
) -> None:
    notifier = MemoryNotifier(notices)

    result = Reminders(carts=carts, notifier=notifier).run()

    assert result.status == "FAILED"
    assert names(result) == operations
    assert notifier.delivered == {}


def test_trouble_that_may_pass_is_tried_again_for_less_than_the_topic_remembers_a_key() -> None:
    result = Reminders(notifier=MemoryNotifier([NotifierUnavailableError("busy")] * 100)).run()

    tried = result.operation("send-reminder")
    assert tried.start_timestamp
    assert tried.end_timestamp
    assert tried.end_timestamp - tried.start_timestamp < timedelta(minutes=5)


@pytest.mark.parametrize("event", [None, {}, {"cart_id": "c-1"}, {**EVENT, "remind_after_seconds": 0}])
def test_an_event_that_is_none_fails_before_anything_is_done(event: Any) -> None:
    carts = MemoryCarts()

    result = Reminders(carts=carts).run(event)

    assert (result.status, result.operations, carts.calls) == ("FAILED", [], [])
    assert result.error
    assert "The event of a cart that was added" in str(result.error.message) or "whole number" in str(result.error)


def test_an_execution_that_times_out_while_it_waits_tells_nobody() -> None:
    notifier, reminders = MemoryNotifier(), Reminders()
    runner = DurableFunctionTestRunner(loader=reminders.loader())
    runner.register_durable_function("reminder", Reminders(notifier=notifier).handler(), execution_timeout=DAY - 1)

    arn = runner.runtime.start("reminder", '{"cart_id": "c-1", "customer_id": "ada"}', NAME)
    result = runner.wait_for_result(arn)

    assert result.status == "TIMED_OUT"
    assert names(result) == STEPS[:2]
    assert notifier.delivered == {}


def test_a_second_event_for_the_same_cart_tells_nobody_again() -> None:
    reminders = Reminders()
    runner = DurableFunctionTestRunner(loader=reminders.loader())
    first = runner.run(EVENT, NAME)

    second = runner.run(EVENT, NAME)

    assert second == first
    assert isinstance(reminders.carts, MemoryCarts)
    assert reminders.carts.calls == ["add c-1", "find c-1"]
