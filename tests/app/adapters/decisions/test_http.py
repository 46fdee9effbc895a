import base64
import json
from typing import Any

import pytest

from app.adapters.decisions.http import REFUSED, HttpDecisions
from app.domain.errors import DomainError
from app.domain.fulfilment import Decision, decision
from app.ports.approvals import ApprovalsError

RITA = "arn:aws:iam::123456789012:user/rita"


def delivery(body: str, who: str = RITA, **more: Any) -> dict[str, Any]:
    """A request in API Gateway's format 2.0, signed by somebody."""
    return {
        "version": "2.0",
        "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": who}}},
        "pathParameters": {"approval_id": "a1b2"},
        "body": body,
        **more,
    }


def decided(request: object) -> Decision:
    """Whatever is asked for, as the decision."""
    approval_id, asked = decision(request)
    assert approval_id == "a1b2"
    return asked


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (RITA, "user/rita"),
        (
            "arn:aws:sts::123456789012:assumed-role/FraudReview/rita@example.com",
            "assumed-role/FraudReview/rita@example.com",
        ),
        ("arn:aws:iam::123456789012:root", "root"),
    ],
)
def test_who_decides_is_whoever_has_signed(who: str, name: str) -> None:
    answer = HttpDecisions().answer(delivery('{"decision": "approve"}', who), decided)

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"decision": "approve", "decided_by": name}


def test_a_body_may_be_encoded() -> None:
    body = base64.b64encode(b'{"decision": "reject", "reason": "stolen"}').decode()

    answer = HttpDecisions().answer(delivery(body, isBase64Encoded=True), decided)

    assert json.loads(answer["body"])["reason"] == "stolen"


@pytest.mark.parametrize(
    "body",
    ["", "not json", "[" * 100_000, "[]", '{"decision": "approve", "decided_by": "sven"}', '{"approval_id": "x"}'],
)
def test_a_body_that_is_no_decision_is_a_bad_request(body: str) -> None:
    answer = HttpDecisions().answer(delivery(body), decided)

    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["error"].startswith("The body ")


@pytest.mark.parametrize(("kind", "status"), REFUSED.items(), ids=lambda each: getattr(each, "__name__", str(each)))
def test_a_refusal_has_its_status_and_tells_why(kind: type[Exception], status: int) -> None:
    def refuse(_: object) -> Decision:
        raise kind("the reason")

    answer = HttpDecisions().answer(delivery('{"decision": "approve"}'), refuse)

    assert (answer["statusCode"], json.loads(answer["body"])) == (status, {"error": "the reason"})


@pytest.mark.parametrize("kind", [ApprovalsError, DomainError, ZeroDivisionError])
def test_what_nobody_expected_fails_the_invocation(kind: type[Exception]) -> None:
    def fail(_: object) -> Decision:
        raise kind

    with pytest.raises(kind):
        HttpDecisions().answer(delivery('{"decision": "approve"}'), fail)


@pytest.mark.parametrize("other", [None, [], {}, {"requestContext": {}}, {"approval_id": "a1b2"}])
def test_other_deliveries_are_not_its_own(other: object) -> None:
    assert not HttpDecisions().delivers(other)
    assert HttpDecisions().delivers(delivery(""))
