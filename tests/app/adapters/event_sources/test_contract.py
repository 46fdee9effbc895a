"""What every source of events promises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.adapters.event_sources.event_bridge import EventBridgeEvents
from app.adapters.event_sources.http import HttpEvents
from app.adapters.event_sources.sqs import SqsEvents
from app.domain.starting import Start
from app.ports.event_source import EventSource
from tests.app.adapters.event_sources.deliveries import DETAIL, beginning, by_event_bridge, by_http, by_sqs
from tests.fakes.starter import MemoryStarter


@dataclass(frozen=True)
class Way:
    """A source, and how an event comes by it."""

    source: EventSource
    deliver: Callable[[str, Any], Any]


WAYS = {
    "http": Way(HttpEvents(), by_http),
    "event bridge": Way(EventBridgeEvents(), by_event_bridge),
    "sqs": Way(SqsEvents(), lambda kind, detail: by_sqs(by_event_bridge(kind, detail))),
}
OTHERS: list[Any] = [None, [], {}, "text", {"requestContext": {}}]
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@each_way
def test_a_source_knows_its_own_deliveries_and_no_others(way: Way) -> None:
    known = [name for name, other in WAYS.items() if way.source.delivers(other.deliver("cart-added", DETAIL))]

    assert [WAYS[name] for name in known] == [way]
    assert not any(way.source.delivers(delivery) for delivery in OTHERS)


@each_way
def test_an_event_begins_what_it_should(way: Way) -> None:
    starter = MemoryStarter()

    way.source.answer(way.deliver("cart-added", DETAIL), beginning(starter))

    assert list(starter.started.values()) == [Start("cart-reminder", "cart-reminder-c-1017", DETAIL)]


@each_way
def test_the_same_event_again_gets_the_same_answer_and_begins_nothing(way: Way) -> None:
    starter = MemoryStarter()
    delivery = way.deliver("cart-added", DETAIL)
    first = way.source.answer(delivery, beginning(starter))

    second = way.source.answer(delivery, beginning(starter))

    assert second == first
    assert len(starter.started) == 1


@each_way
def test_an_event_that_says_something_else_of_the_same_cart_begins_nothing(way: Way) -> None:
    starter = MemoryStarter()
    way.source.answer(way.deliver("cart-added", DETAIL), beginning(starter))

    way.source.answer(way.deliver("cart-added", {**DETAIL, "customer_id": "bob"}), beginning(starter))

    assert [start.payload for start in starter.started.values()] == [DETAIL]
