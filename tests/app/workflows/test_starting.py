from typing import Any

import pytest

from app.adapters.event_sources.event_bridge import EventBridgeEvents
from app.adapters.event_sources.http import HttpEvents
from app.adapters.event_sources.sqs import SqsEvents
from app.domain.errors import InvalidRequestError
from app.workflows.starting import Starting
from tests.app.adapters.event_sources.deliveries import by_event_bridge, by_http, by_sqs
from tests.fakes.starter import MemoryStarter


def starting(starter: MemoryStarter) -> Starting:
    return Starting(sources=[HttpEvents(), EventBridgeEvents(), SqsEvents()], starter=starter)


def test_one_cart_begins_one_execution_by_whatever_way_its_events_come() -> None:
    starter = MemoryStarter()
    use_case = starting(starter)

    answers = [use_case.run(delivery) for delivery in (by_http(), by_event_bridge(), by_sqs(by_event_bridge()))]

    assert answers[0]["statusCode"] == 202
    assert answers[1] == "arn:memory/cart-reminder/cart-reminder-c-1017"
    assert answers[2] == {"batchItemFailures": []}
    assert list(starter.started) == ["cart-reminder-c-1017"]


@pytest.mark.parametrize("delivery", [None, {}, [], {"cart_id": "c-1"}])
def test_what_comes_by_no_known_way_is_refused(delivery: Any) -> None:
    with pytest.raises(InvalidRequestError, match="neither by HTTP"):
        starting(MemoryStarter()).run(delivery)
