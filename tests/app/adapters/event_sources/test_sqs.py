import logging

import pytest

from app.adapters.event_sources.sqs import SqsEvents
from app.ports.starter import StarterError, StarterUnavailableError
from tests.app.adapters.event_sources.deliveries import DETAIL, beginning, by_event_bridge, by_sqs
from tests.fakes.starter import MemoryStarter

CARTS = [by_event_bridge(detail={**DETAIL, "cart_id": f"c-{number}"}) for number in range(3)]


def failed(*bodies: object, starter: MemoryStarter) -> list[str]:
    answer = SqsEvents().answer(by_sqs(*bodies), beginning(starter))
    assert set(answer) == {"batchItemFailures"}
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_a_batch_in_which_all_is_well_has_no_failures() -> None:
    starter = MemoryStarter()

    assert failed(*CARTS, starter=starter) == []
    assert list(starter.started) == ["cart-reminder-c-0", "cart-reminder-c-1", "cart-reminder-c-2"]


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[" * 100_000,
        '{"detail-type": "data-requested", "detail": {"run": "nightly", "limit": NaN}}',
        "[]",
        "null",
        {},
        {"detail": DETAIL},
        by_event_bridge("cart-lost"),
        by_event_bridge(detail=7),
    ],
)
def test_a_bad_message_fails_alone(bad: object) -> None:
    starter = MemoryStarter()

    assert failed(CARTS[0], bad, CARTS[1], starter=starter) == ["m-1"]
    assert list(starter.started) == ["cart-reminder-c-0", "cart-reminder-c-1"]


@pytest.mark.parametrize(
    "trouble", [StarterUnavailableError("busy"), StarterError("no such function"), RecursionError("too deep")]
)
def test_a_message_that_meets_trouble_comes_again_alone(trouble: Exception) -> None:
    starter = MemoryStarter([trouble])

    assert failed(*CARTS, starter=starter) == ["m-0"]
    assert failed(CARTS[0], starter=starter) == []
    assert len(starter.started) == 3


def test_why_a_message_begins_nothing_is_logged_without_what_it_says(caplog: pytest.LogCaptureFixture) -> None:
    secret = "secret " * 100

    with caplog.at_level(logging.WARNING):
        failed(by_event_bridge(detail={**DETAIL, "customer_id": secret}), starter=MemoryStarter())

    assert caplog.messages[0].startswith("Message m-0 begins nothing: customer_id must be a text of 1 to 200 charact")
    assert caplog.text.count("secret") < 10


def test_a_fault_of_the_program_fails_the_whole_batch() -> None:
    with pytest.raises(ZeroDivisionError):
        failed(*CARTS, starter=MemoryStarter([ZeroDivisionError()]))
