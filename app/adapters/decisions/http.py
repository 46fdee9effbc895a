"""Decisions by HTTP: what API Gateway delivers in its format 2.0, from somebody who has signed with IAM."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from app.domain.errors import InvalidRequestError, shown
from app.domain.refusals import AlreadyDecidedError, ApprovalClosedError, ApprovalNotFoundError, NotAllowedError
from app.ports.approvals import ApprovalsUnavailableError
from app.ports.decision_source import Decide, DecisionSource

OK = 200
REFUSED: Mapping[type[Exception], int] = {
    InvalidRequestError: 400,
    NotAllowedError: 403,
    ApprovalNotFoundError: 404,
    AlreadyDecidedError: 409,
    ApprovalClosedError: 410,
    ApprovalsUnavailableError: 503,
}


class HttpDecisions(DecisionSource):
    """Takes `POST /approvals/{approval_id}` with the decision as its body.

    Who decides is whoever has signed the request: an ARN's part after the account, such as `user/rita`.
    """

    def delivers(self, delivery: Any) -> bool:
        return isinstance(delivery, dict) and "http" in delivery.get("requestContext", {})

    def answer(self, delivery: Any, decide: Decide) -> Any:
        try:
            return _answer(OK, decide(_request(delivery)))
        except tuple(REFUSED) as error:
            return _answer(REFUSED[type(error)], {"error": str(error)})


def _request(delivery: Any) -> Mapping[str, Any]:
    body = _body(delivery)
    if not isinstance(body, dict) or not set(body) <= {"decision", "reason"}:
        raise InvalidRequestError(f"The body must be an object with decision, and a reason or none, not {shown(body)}")
    return {
        **body,
        "approval_id": delivery["pathParameters"]["approval_id"],
        "decided_by": _who(delivery["requestContext"]["authorizer"]["iam"]["userArn"]),
    }


def _who(arn: str) -> str:
    return arn.split(":", 5)[-1]


def _body(delivery: Any) -> object:
    try:
        body = delivery.get("body") or ""
        return json.loads(base64.b64decode(body) if delivery.get("isBase64Encoded") else body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(f"The body is not JSON: {error}") from error


def _answer(status: int, members: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(members)}
