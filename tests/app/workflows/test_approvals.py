from decimal import Decimal
from typing import Any

import pytest

from app.adapters.decisions.direct import DirectDecisions
from app.adapters.decisions.http import HttpDecisions
from app.domain.errors import InvalidRequestError
from app.domain.fulfilment import Approval, Reviewers
from app.domain.refusals import ApprovalClosedError, ApprovalNotFoundError, NotAllowedError
from app.workflows.approvals import Approving
from tests.fakes.approvals import WrittenApprovals
from tests.fakes.moments import CountingClock

OPEN = Approval("open", "o-1", "c-1", "48.35", "2026-01-04T00:00:00.000+00:00")
LARGE = Approval("large", "o-2", "c-1", "4800.00", "2026-01-04T00:00:00.000+00:00")
PAST = Approval("past", "o-3", "c-1", "48.35", "2025-12-31T00:00:00.000+00:00")


@pytest.fixture
def approvals() -> WrittenApprovals:
    return WrittenApprovals([OPEN, LARGE, PAST])


@pytest.fixture
def approving(approvals: WrittenApprovals) -> Approving:
    return Approving(
        sources=[HttpDecisions(), DirectDecisions()],
        approvals=approvals,
        reviewers=Reviewers(frozenset({"rita"}), frozenset({"sven"}), Decimal("1000.00")),
        clock=CountingClock(),
    )


def request(approval_id: str, decided_by: str = "rita") -> dict[str, Any]:
    return {"approval_id": approval_id, "decision": "approve", "decided_by": decided_by}


@pytest.mark.parametrize(("approval_id", "name"), [("open", "rita"), ("open", "sven"), ("large", "sven")])
def test_a_decision_of_somebody_who_may_make_it_is_sent(
    approving: Approving, approvals: WrittenApprovals, approval_id: str, name: str
) -> None:
    answer = approving.run(request(approval_id, name))

    assert answer == approvals.decided[approval_id] == {"decision": "approve", "decided_by": name}


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (request("open", "mallory"), NotAllowedError),
        (request("large", "rita"), NotAllowedError),
        (request("past", "rita"), ApprovalClosedError),
        (request("past", "mallory"), NotAllowedError),
        (request("absent", "rita"), ApprovalNotFoundError),
        (request("open") | {"decision": "perhaps"}, InvalidRequestError),
        ({"order": 7}, InvalidRequestError),
    ],
)
def test_whatever_does_not_count_is_not_sent(
    approving: Approving, approvals: WrittenApprovals, asked: object, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        approving.run(asked)

    assert approvals.decided == {}
