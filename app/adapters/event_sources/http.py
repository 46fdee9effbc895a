"""Events by HTTP: what API Gateway delivers in its format 2.0."""

import base64
import json

from app.adapters.event_sources.json_text import parsed
from app.domain.errors import InvalidRequestError, UnknownEventError
from app.domain.starting import BusinessEvent
from app.ports.event_source import Answer, Begin, Delivery, EventSource
from app.ports.starter import StartedOtherwiseError, StarterUnavailableError

ACCEPTED = 202
REFUSALS: dict[type[Exception], int] = {
    UnknownEventError: 404,
    InvalidRequestError: 400,
    StartedOtherwiseError: 409,
    StarterUnavailableError: 503,
}
"""The status of each; the first that fits. Whatever else is raised is the program's own fault, a 500."""


class HttpEvents(EventSource):
    """Takes `POST /events/{kind}` with the detail as its body, and answers with the execution's ARN."""

    def delivers(self, delivery: Delivery) -> bool:
        return isinstance(delivery, dict) and "http" in delivery.get("requestContext", {})

    def answer(self, delivery: Delivery, begin: Begin) -> Answer:
        try:
            arn = begin(BusinessEvent(delivery["pathParameters"]["kind"], _detail(delivery)))
        except tuple(REFUSALS) as error:
            return _answer(
                next(status for kind, status in REFUSALS.items() if isinstance(error, kind)), error=str(error)
            )
        return _answer(ACCEPTED, execution=arn)


def _detail(delivery: Delivery) -> object:
    body = delivery.get("body") or ""
    return parsed(_decoded(body) if delivery.get("isBase64Encoded") else body, "The body")


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise InvalidRequestError(f"The body is not base64: {error}") from error


def _answer(status: int, **members: str) -> Answer:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(members)}
