from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import InvalidRequestError
from app.domain.fulfilment import (
    Approval,
    Reviewers,
    approval_id,
    check_approved,
    check_may_decide,
    check_open,
    customer_notice,
    decision,
    fulfilled,
    given_up,
    review_notice,
    stock_out_notice,
)
from app.domain.placed_orders import placed_order
from app.domain.refusals import ApprovalClosedError, NotAllowedError, NotApprovedError
from tests.app.domain.test_placed_orders import EVENT

ORDER = placed_order(EVENT)
APPROVAL = Approval("a1b2", "o-1001", "c-001", "48.35", "2026-01-04T00:00:00.000+00:00")
REVIEWERS = Reviewers(frozenset({"rita", "c-001"}), frozenset({"sven"}), Decimal("1000.00"))
REQUEST: dict[str, Any] = {"approval_id": "a1b2", "decision": "approve", "decided_by": "rita"}


def test_the_id_of_an_approval_is_always_the_same_and_tells_nothing_of_the_callbacks() -> None:
    assert approval_id("secret") == approval_id("secret")
    assert approval_id("secret") != approval_id("secret2")
    assert len(approval_id("secret")) == 20
    assert "secret" not in approval_id("secret")


def test_a_reviewer_may_decide() -> None:
    check_may_decide("rita", APPROVAL, REVIEWERS)


@pytest.mark.parametrize("name", ["", "mallory", "Rita", "rita,sven"])
def test_nobody_but_a_reviewer_may_decide(name: str) -> None:
    with pytest.raises(NotAllowedError, match="is no reviewer, so may not decide on order o-1001"):
        check_may_decide(name, APPROVAL, REVIEWERS)


def test_nobody_may_decide_on_their_own_order() -> None:
    with pytest.raises(NotAllowedError, match="has placed order o-1001; somebody else has to decide"):
        check_may_decide("c-001", APPROVAL, REVIEWERS)


@pytest.mark.parametrize(("total", "is_for_seniors"), [("1000.00", False), ("1000.01", True), ("99999.00", True)])
def test_a_large_order_is_for_seniors_alone(total: str, *, is_for_seniors: bool) -> None:
    large = replace(APPROVAL, total=total)

    check_may_decide("sven", large, REVIEWERS)

    if is_for_seniors:
        with pytest.raises(NotAllowedError, match=f"total of {total}, above 1000.00; a senior has to decide"):
            check_may_decide("rita", large, REVIEWERS)
    else:
        check_may_decide("rita", large, REVIEWERS)


def test_a_decision_counts_until_the_deadline() -> None:
    check_open(APPROVAL, "2026-01-03T23:59:59.999+00:00")

    with pytest.raises(ApprovalClosedError, match=r"was over at 2026-01-04T00:00:00.000\+00:00"):
        check_open(APPROVAL, "2026-01-04T00:00:00.000+00:00")


def test_a_decision_is_read_from_its_request() -> None:
    assert decision(REQUEST) == ("a1b2", {"decision": "approve", "decided_by": "rita"})
    assert decision(REQUEST | {"reason": "known"})[1]["reason"] == "known"


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("approve", "must be an object with approval_id, not 'approve'"),
        ({"decision": "approve"}, "must be an object with approval_id"),
        (REQUEST | {"approval_id": 7}, "must be an object with approval_id"),
        (REQUEST | {"decision": "maybe"}, "decision must be approve or reject, not 'maybe'"),
        (REQUEST | {"decision": ["approve"]}, "decision must be approve or reject, not a list"),
        (REQUEST | {"decided_by": None}, "decided_by must be a name, not null"),
        (REQUEST | {"reason": "x" * 501}, "reason must be a text of at most 500 characters"),
        (REQUEST | {"reason": 7}, "reason must be a text"),
    ],
)
def test_a_request_that_decides_nothing_is_refused(request_: object, told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        decision(request_)


def test_an_approval_lets_the_order_go_on() -> None:
    check_approved({"decision": "approve", "decided_by": "rita"})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"decision": "reject", "decided_by": "rita", "reason": "stolen"}, "has rejected the order: 'stolen'"),
        ({"decision": "reject", "decided_by": "rita"}, "has rejected the order: no reason told"),
        (None, "has answered null, which is no decision"),
        (True, "has answered true, which is no decision"),
        ("approve", "has answered 'approve', which is no decision"),
        ({"decision": "approved"}, "which is no decision"),
        ({"decision": ["approve"]}, "which is no decision"),
    ],
)
def test_whatever_is_no_approval_is_none(answer: object, told: str) -> None:
    with pytest.raises(NotApprovedError, match=told):
        check_approved(answer)


def test_an_order_that_is_not_approved_is_rejected_and_any_other_that_fails_is_cancelled() -> None:
    rejected = given_up(ORDER, "not-approved", "silence", ["refund-payment"])
    cancelled = given_up(ORDER, "out-of-stock", "only 0 of 1", [])

    assert (rejected["outcome"], cancelled["outcome"]) == ("rejected", "cancelled")
    assert rejected["undone"] == ["refund-payment"]


def test_a_customer_is_told_of_the_parcel() -> None:
    notice = customer_notice(ORDER, fulfilled(ORDER, {"tracking_id": "parcel-7"}))

    assert notice.recipient == "c-001"
    assert "on its way" in notice.subject
    assert "parcel-7" in notice.text


def test_a_customer_is_told_of_the_end_but_not_of_the_suspicion() -> None:
    notice = customer_notice(ORDER, given_up(ORDER, "not-approved", "rejected: 'stolen card'", []))

    assert "o-1001 was cancelled" in notice.subject
    assert "stolen" not in notice.text


def test_purchasing_is_told_what_is_missing() -> None:
    notice = stock_out_notice(ORDER, "in stock are only 0 of 1 tea-01")

    assert (notice.recipient, notice.text) == ("purchasing", "in stock are only 0 of 1 tea-01")


def test_the_fraud_review_is_told_the_approval_and_the_deadline() -> None:
    notice = review_notice(APPROVAL)

    assert notice.recipient == "fraud-review"
    assert "a1b2" in notice.text
    assert APPROVAL.deadline in notice.text
