"""What every starter promises; the one of the Lambda API speaks to the local runtime over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.adapters.starting.lambda_api import LambdaStarter
from app.domain.starting import LONGEST_NAME, Start
from app.ports.starter import StartedOtherwiseError, Starter
from durable import DurableContext, durable_execution
from durable.model import Operation
from durable_local.clock import SystemClock
from tests.durable_local.http.serving import Served, serving
from tests.fakes.starter import MemoryStarter

START = Start("cart-reminder", "cart-reminder-c-1", {"cart_id": "c-1", "customer_id": "ada"})


@dataclass(frozen=True)
class Begun:
    """A starter, and the events of all executions that it has begun, by their names."""

    starter: Starter
    executions: Callable[[], dict[str, Any]]


@durable_execution
def waiting_for_ever(event: Any, context: DurableContext) -> Any:
    return context.create_callback("never").result()


@contextmanager
def through_lambda_api() -> Iterator[Begun]:
    with serving(SystemClock()) as served, closing(served.client()) as client:
        served.host("reminders", waiting_for_ever)
        starter = LambdaStarter(client, {"cart-reminder": "reminders:live"})
        yield Begun(starter, lambda: begun_by(served))


def begun_by(served: Served) -> dict[str, Any]:
    executions = served.runtime.executions
    return {each.name: payload(executions.operations(each.arn)[0]) for each in executions.newest(100)}


def payload(root: Operation) -> Any:
    assert root.execution_details
    return json.loads(root.execution_details.input_payload or "null")


@contextmanager
def in_memory() -> Iterator[Begun]:
    starter = MemoryStarter()
    yield Begun(starter, lambda: {name: start.payload for name, start in starter.started.items()})


@pytest.fixture(params=[in_memory, through_lambda_api])
def begun(request: pytest.FixtureRequest) -> Iterator[Begun]:
    """A starter that has begun nothing yet; a test that asks for it runs once for every adapter."""
    with request.param() as begun:
        yield begun


def test_an_execution_begins_under_its_name_with_its_payload(begun: Begun) -> None:
    arn = begun.starter.start(START)

    assert START.name in arn
    assert begun.executions() == {START.name: START.payload}


def test_the_same_start_again_finds_the_execution(begun: Begun) -> None:
    first = begun.starter.start(START)

    second = begun.starter.start(START)

    assert second == first
    assert list(begun.executions()) == [START.name]


def test_members_in_another_order_are_the_same_start(begun: Begun) -> None:
    first = begun.starter.start(START)

    second = begun.starter.start(replace(START, payload=dict(reversed([*START.payload.items()]))))

    assert second == first


def test_another_payload_under_the_same_name_is_told_apart_and_changes_nothing(begun: Begun) -> None:
    begun.starter.start(START)

    with pytest.raises(StartedOtherwiseError, match=START.name):
        begun.starter.start(replace(START, payload={"cart_id": "c-1", "customer_id": "bob"}))

    assert begun.executions() == {START.name: START.payload}


def test_other_names_are_other_executions(begun: Begun) -> None:
    names = ["cart-reminder-c-1", "cart-reminder-C-1", "x" * LONGEST_NAME]

    arns = {begun.starter.start(replace(START, name=name)) for name in names}

    assert len(arns) == len(names)
    assert set(begun.executions()) == set(names)


def test_of_the_same_start_many_times_at_once_one_execution_comes(begun: Begun) -> None:
    arns: list[str] = []
    callers = [threading.Thread(target=lambda: arns.append(begun.starter.start(START))) for _ in range(8)]

    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(arns) == len(callers)
    assert len(set(arns)) == 1


def test_starts_go_through_one_connection() -> None:
    with serving(SystemClock()) as served, closing(served.client()) as client:
        served.host("reminders", waiting_for_ever)
        starter = LambdaStarter(client, {"cart-reminder": "reminders:live"})
        answers: list[Any] = []  # kept, so that none gives its connection back by being forgotten
        client.meta.events.register("after-call.lambda.Invoke", lambda parsed, **_: answers.append(parsed))

        for number in range(3):
            starter.start(replace(START, name=f"reminder-{number}"))

        pools = client._endpoint.http_session._manager.pools
        (pool,) = (pools[key] for key in pools.keys())  # noqa: SIM118 - it is no mapping

    assert (len(answers), pool.num_connections) == (3, 1)
