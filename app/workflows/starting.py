"""What happens when an event comes in: the execution that it begins is begun. Not durable itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import InvalidRequestError
from app.domain.starting import BusinessEvent, start_of
from app.ports.event_source import Answer, Delivery, EventSource
from app.ports.starter import Starter


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """Begins executions for services that cannot name them.

    - The name derives from the business key, so an event that comes twice begins one execution.
    - What cannot begin an execution is told in the words of the service that has delivered it.
    """

    sources: Sequence[EventSource]
    starter: Starter

    def run(self, delivery: Delivery) -> Answer:
        """The answer that the delivery's source wants."""
        for source in self.sources:
            if source.delivers(delivery):
                return source.answer(delivery, self.begin)
        raise InvalidRequestError("The event has come neither by HTTP (format 2.0) nor by EventBridge nor by SQS")

    def begin(self, event: BusinessEvent) -> str:
        """Begin what the event begins: the ARN of the execution."""
        return self.starter.start(start_of(event))
