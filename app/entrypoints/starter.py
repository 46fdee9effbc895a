"""The starter: a plain function that begins executions for HTTP, EventBridge and SQS."""

from app.container import build_container
from app.ports.event_source import Answer, Delivery

container = build_container()


def handler(event: Delivery, context: object) -> Answer:  # noqa: ARG001 (Lambda passes it)
    """Begin what each event in the delivery begins, and answer its source."""
    return container.starting().run(event)
