import base64
import json
from typing import Any

import pytest

from app.adapters.event_sources.http import HttpEvents
from app.ports.starter import StarterError, StarterUnavailableError
from tests.app.adapters.event_sources.deliveries import DETAIL, beginning, by_http
from tests.fakes.starter import MemoryStarter


def answered(delivery: Any, starter: MemoryStarter | None = None) -> tuple[int, Any]:
    answer = HttpEvents().answer(delivery, beginning(starter or MemoryStarter()))
    assert answer["headers"] == {"content-type": "application/json"}
    return answer["statusCode"], json.loads(answer["body"])


def test_who_posts_an_event_is_told_the_execution() -> None:
    assert answered(by_http()) == (202, {"execution": "arn:memory/cart-reminder/cart-reminder-c-1017"})


def test_a_body_may_come_in_base64() -> None:
    body = base64.b64encode(json.dumps(DETAIL).encode()).decode()

    status, _ = answered(by_http(body=body, isBase64Encoded=True))

    assert status == 202


@pytest.mark.parametrize(
    "members",
    [
        {"body": None},
        {"body": ""},
        {"body": "{"},
        {"body": "[NaN]"},
        {"body": "Kg==", "isBase64Encoded": True},
        {"body": "[" * 100_000},
    ],
)
def test_a_body_that_is_no_json_is_the_callers_mistake(members: dict[str, Any]) -> None:
    status, told = answered(by_http(**members))

    assert status == 400
    assert told["error"].startswith("The body is not JSON: ")


def test_a_body_that_is_no_base64_is_the_callers_mistake() -> None:
    status, told = answered(by_http(body="*", isBase64Encoded=True))

    assert status == 400
    assert told["error"].startswith("The body is not base64: ")


def test_a_detail_that_begins_nothing_is_the_callers_mistake() -> None:
    status, told = answered(by_http(detail={"customer_id": "ada"}))

    assert (status, told) == (400, {"error": "cart-added needs cart_id, a text that is not blank, and has null"})


def test_a_kind_that_begins_nothing_is_not_found() -> None:
    status, told = answered(by_http(kind="cart-lost"))

    assert status == 404
    assert "No workflow begins with 'cart-lost'" in told["error"]


def test_another_event_of_the_same_key_is_told_apart_from_the_same_event() -> None:
    starter = MemoryStarter()
    first = answered(by_http(), starter)

    same = answered(by_http(), starter)
    other, told = answered(by_http(detail={**DETAIL, "customer_id": "bob"}), starter)

    assert same == first
    assert (other, told) == (409, {"error": "Execution cart-reminder-c-1017 was begun with another payload"})


def test_who_may_succeed_later_is_told_so() -> None:
    assert answered(by_http(), MemoryStarter([StarterUnavailableError("busy")])) == (503, {"error": "busy"})


def test_a_mistake_of_the_deployment_is_nobody_elses() -> None:
    with pytest.raises(StarterError, match="no such function"):
        answered(by_http(), MemoryStarter([StarterError("no such function")]))
