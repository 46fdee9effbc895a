"""The starter's sample events, and executions that begin in the local runtime, over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.starting import BEGINNINGS
from durable import DurableContext, durable_execution
from durable_local.clock import SystemClock
from durable_local.hosts.loading import load
from tests.app.entrypoints.conftest import ROOT
from tests.durable_local.http.serving import Served, serving

CART, TOUR = "cart-reminder-c-1017", "tour-2026-01-01"
FUNCTIONS = ["CartReminderFunction", "FulfilmentFunction", "PipelineFunction", "TourFunction"]


@durable_execution
def waiting_for_ever(event: Any, context: DurableContext) -> Any:
    return context.create_callback("never").result()


def sample(name: str) -> Any:
    return json.loads((ROOT / "events" / "starter" / f"{name}.json").read_text())


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, modules: None) -> Iterator[Served]:
    """A runtime with what the starter starts, and the starter itself, as the template has them."""
    with serving(SystemClock()) as served:
        for function in FUNCTIONS:
            served.host(function, waiting_for_ever)
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", served.server.url)
        handler = load("app.entrypoints.starter.handler")
        served.call("StarterFunction", handler)
        yield served
        handler.__globals__["container"].lambda_api().close()


def answer(served: Served, delivery: Any) -> Any:
    client = served.client()
    told = client.invoke(FunctionName="StarterFunction", Payload=json.dumps(delivery).encode())
    client.close()
    return json.loads(told["Payload"].read())


def begun(served: Served) -> dict[str, str]:
    return {each.name: each.function for each in served.runtime.executions.newest(100)}


def test_a_request_begins_the_carts_reminder_and_is_told_its_arn(served: Served) -> None:
    told = answer(served, sample("http"))

    assert told["statusCode"] == 202
    assert f"CartReminderFunction:$LATEST/durable-execution/{CART}/" in json.loads(told["body"])["execution"]
    assert begun(served) == {CART: "CartReminderFunction"}


def test_an_event_of_event_bridge_begins_it_too(served: Served) -> None:
    answer(served, sample("event-bridge"))

    assert begun(served) == {CART: "CartReminderFunction"}


def test_of_a_batch_each_good_message_begins_what_it_should_and_the_bad_one_comes_again(served: Served) -> None:
    told = answer(served, sample("sqs"))

    assert told == {"batchItemFailures": [{"itemIdentifier": sample("sqs")["Records"][2]["messageId"]}]}
    assert begun(served) == {CART: "CartReminderFunction", TOUR: "TourFunction"}


def test_one_cart_has_one_execution_by_whatever_way_its_events_come(served: Served) -> None:
    for name in ("http", "event-bridge", "sqs", "http"):
        answer(served, sample(name))

    assert begun(served) == {CART: "CartReminderFunction", TOUR: "TourFunction"}


def test_another_event_of_the_same_cart_is_told_apart_and_begins_nothing(served: Served) -> None:
    request = sample("http")
    answer(served, request)

    told = answer(served, {**request, "body": json.dumps({"cart_id": "c-1017", "customer_id": "another"})})

    assert told["statusCode"] == 409
    assert begun(served) == {CART: "CartReminderFunction"}


def test_every_kind_of_event_begins_a_function_of_the_template(served: Served) -> None:
    order = json.loads((ROOT / "events" / "fulfilment.json").read_text())
    details = {"cart-added": {"cart_id": "c-1", "customer_id": "ada"}, "order-placed": order}
    for kind in BEGINNINGS:
        told = answer(served, {"detail-type": kind, "detail": details.get(kind, {"run": "nightly"})})
        assert "/durable-execution/" in told

    assert sorted(begun(served).values()) == FUNCTIONS


def test_the_samples_are_events_of_the_shop() -> None:
    assert {path.stem for path in Path(ROOT / "events" / "starter").iterdir()} == {"http", "event-bridge", "sqs"}
