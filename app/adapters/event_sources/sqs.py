"""Events by SQS."""

import logging

from app.adapters.event_sources.event_bridge import EventBridgeEvents
from app.adapters.event_sources.json_text import parsed
from app.domain.errors import DomainError, InvalidRequestError, shown
from app.ports.event_source import Answer, Begin, Delivery, EventSource
from app.ports.starter import StarterError

_log = logging.getLogger(__name__)


class SqsEvents(EventSource):
    """Takes a batch of messages, each with an event in EventBridge's envelope, and answers which of them have failed.

    Those come again, and end in the dead-letter queue; the others are done.
    """

    def delivers(self, delivery: Delivery) -> bool:
        return isinstance(delivery, dict) and "Records" in delivery

    def answer(self, delivery: Delivery, begin: Begin) -> Answer:
        failed = [message["messageId"] for message in delivery["Records"] if not _begun(message, begin)]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _begun(message: Delivery, begin: Begin) -> bool:
    try:
        EventBridgeEvents().answer(_envelope(message["body"]), begin)
    except (DomainError, StarterError, RecursionError) as error:  # nested so deep that it was just about read
        _log.warning("Message %s begins nothing: %s", message["messageId"], error)
        return False
    return True


def _envelope(body: str) -> Delivery:
    envelope = parsed(body, "The message")
    if not isinstance(envelope, dict) or "detail-type" not in envelope:
        raise InvalidRequestError(
            f'The message must be an object with "detail-type" and "detail", not {shown(envelope)}'
        )
    return envelope
