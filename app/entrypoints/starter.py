"""The starter: a plain function that begins executions for HTTP, EventBridge and SQS."""

from typing import Any

from app.container import build_container

container = build_container()


def handler(event: Any, context: object) -> Any:  # noqa: ARG001 (Lambda passes it)
    """Begin what each event in the delivery begins, and answer its source."""
    return container.starting().run(event)
