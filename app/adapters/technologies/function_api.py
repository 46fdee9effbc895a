"""APIs that functions serve: JSON in and out, as API Gateway delivers it in its format 2.0."""

import base64
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

logger = logging.getLogger(__name__)

NOT_FOUND, BAD_REQUEST = 404, 400

Body = Mapping[str, Any]
Route = Callable[[Body, str], tuple[int, Body]]
"""From the body and the idempotency key to the status and what is answered."""
Statuses = Mapping[type[Exception], int]
"""The status of each error; the first that fits."""


def served(name: str, delivery: Any, routes: Mapping[str, Route], refused: Statuses) -> dict[str, Any]:
    """What the route of a delivery's path answers; the log tells the status by the API's name, and no more."""
    path = str(delivery["rawPath"])
    status, members = _routed(delivery, routes.get(path), refused)
    logger.info("%s: %s answered %d", name, path if path in routes else "an unknown path", status)
    return answered(status, json.dumps(members))


def answered(status: int, body: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer in JSON, as API Gateway takes it."""
    return {"statusCode": status, "headers": {"content-type": "application/json", **(headers or {})}, "body": body}


def _routed(delivery: Any, route: Route | None, refused: Statuses) -> tuple[int, Body]:
    if route is None:
        return NOT_FOUND, {"reason": f"there is no {delivery['rawPath']}"}
    key = delivery["headers"].get("idempotency-key", "")
    body = _body(delivery)
    if not key or body is None:
        return BAD_REQUEST, {"reason": "a request needs an Idempotency-Key, and a JSON object as its body"}
    try:
        return route(body, key)
    except tuple(refused) as error:
        return next(status for kind, status in refused.items() if isinstance(error, kind)), {"reason": str(error)}
    except KeyError as missing:
        return BAD_REQUEST, {"reason": f"the body needs {missing}"}


def _body(delivery: Any) -> Body | None:
    text = delivery.get("body") or ""
    try:
        body = json.loads(base64.b64decode(text) if delivery.get("isBase64Encoded") else text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
