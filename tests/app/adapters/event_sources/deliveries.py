"""Events in the form of each service that brings them."""

import json
from typing import Any

from app.domain.starting import BusinessEvent, start_of
from tests.fakes.starter import MemoryStarter

DETAIL: dict[str, Any] = {"cart_id": "c-1017", "customer_id": "ada"}


def by_http(kind: str = "cart-added", detail: Any = DETAIL, **members: Any) -> dict[str, Any]:
    """A request as API Gateway delivers it in format 2.0."""
    return {
        "version": "2.0",
        "pathParameters": {"kind": kind},
        "requestContext": {"http": {"method": "POST", "path": f"/events/{kind}"}},
        "body": json.dumps(detail),
        "isBase64Encoded": False,
        **members,
    }


def by_event_bridge(kind: str = "cart-added", detail: Any = DETAIL) -> dict[str, Any]:
    """An event as EventBridge delivers it."""
    return {"version": "0", "id": "1", "source": "shop", "detail-type": kind, "detail": detail}


def by_sqs(*bodies: object) -> dict[str, Any]:
    """Messages m-0, m-1 and so on; a body that is no text is sent as JSON."""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {"Records": [{"messageId": f"m-{number}", "body": text} for number, text in enumerate(texts)]}


def beginning(starter: MemoryStarter) -> Any:
    """What the use case does with each event."""

    def begin(event: BusinessEvent) -> str:
        return starter.start(start_of(event))

    return begin
