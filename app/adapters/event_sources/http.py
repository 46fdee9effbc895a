"""Events by HTTP: what API Gateway delivers in its format 2.0."""

import base64
import json
from typing import Any

from app.adapters.event_sources.json_text import parsed
from app.domain.errors import InvalidRequestError, UnknownEventError
from app.domain.starting import BusinessEvent
from app.ports.event_source import Begin, EventSource
from app.ports.starter import StartedOtherwiseError, StarterUnavailableError

ACCEPTED, BAD_REQUEST, NOT_FOUND, CONFLICT, UNAVAILABLE = 202, 400, 404, 409, 503


class HttpEvents(EventSource):
    """Takes `POST /events/{kind}` with the detail as its body, and answers with the execution's ARN."""

    def delivers(self, delivery: Any) -> bool:
        return isinstance(delivery, dict) and "http" in delivery.get("requestContext", {})

    def answer(self, delivery: Any, begin: Begin) -> Any:
        try:
            arn = begin(BusinessEvent(delivery["pathParameters"]["kind"], _detail(delivery)))
        except UnknownEventError as error:
            return _answer(NOT_FOUND, error=str(error))
        except InvalidRequestError as error:
            return _answer(BAD_REQUEST, error=str(error))
        except StartedOtherwiseError as error:
            return _answer(CONFLICT, error=str(error))
        except StarterUnavailableError as error:
            return _answer(UNAVAILABLE, error=str(error))
        return _answer(ACCEPTED, execution=arn)


def _detail(delivery: Any) -> object:
    body = delivery.get("body") or ""
    return parsed(_decoded(body) if delivery.get("isBase64Encoded") else body, "The body")


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise InvalidRequestError(f"The body is not base64: {error}") from error


def _answer(status: int, **members: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(members),
    }
