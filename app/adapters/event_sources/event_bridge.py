"""Events by EventBridge."""

from contextlib import suppress

from app.domain.starting import BusinessEvent
from app.ports.event_source import Answer, Begin, Delivery, EventSource
from app.ports.starter import StartedOtherwiseError


class EventBridgeEvents(EventSource):
    """Takes one event, whose `detail-type` is its kind. What it raises Lambda tries again, then puts aside."""

    def delivers(self, delivery: Delivery) -> bool:
        return isinstance(delivery, dict) and "detail-type" in delivery

    def answer(self, delivery: Delivery, begin: Begin) -> Answer:
        # An event that says something else of what has begun already changes nothing, however often it comes.
        with suppress(StartedOtherwiseError):
            return begin(business_event(delivery))
        return None


def business_event(delivery: Delivery) -> BusinessEvent:
    """The business event in EventBridge's envelope."""
    return BusinessEvent(str(delivery["detail-type"]), delivery.get("detail"))
