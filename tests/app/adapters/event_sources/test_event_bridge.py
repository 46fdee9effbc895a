import pytest

from app.adapters.event_sources.event_bridge import EventBridgeEvents
from app.domain.errors import InvalidRequestError
from app.ports.starter import StarterUnavailableError
from tests.app.adapters.event_sources.deliveries import DETAIL, beginning, by_event_bridge
from tests.fakes.starter import MemoryStarter


def test_an_event_of_what_has_begun_otherwise_is_done_with() -> None:
    starter, source = MemoryStarter(), EventBridgeEvents()
    source.answer(by_event_bridge(), beginning(starter))

    answer = source.answer(by_event_bridge(detail={**DETAIL, "customer_id": "bob"}), beginning(starter))

    assert answer is None


def test_trouble_is_raised_so_that_the_event_comes_again() -> None:
    with pytest.raises(StarterUnavailableError):
        EventBridgeEvents().answer(by_event_bridge(), beginning(MemoryStarter([StarterUnavailableError("busy")])))


def test_an_event_that_begins_nothing_is_raised_so_that_it_is_put_aside() -> None:
    with pytest.raises(InvalidRequestError):
        EventBridgeEvents().answer(by_event_bridge(detail={}), beginning(MemoryStarter()))
