"""Approvals under an id that a test knows."""

from dataclasses import replace

from app.domain.fulfilment import Approval, Decision
from app.domain.refusals import ApprovalNotFoundError
from app.ports.approvals import Approvals

APPROVAL_ID = "0123456789abcdef0123"


class NamedApprovals(Approvals):
    """Gives every approval the same id, and keeps none."""

    def keep(self, approval: Approval, callback_id: str) -> Approval:
        return replace(approval, approval_id=APPROVAL_ID)

    def find(self, approval_id: str) -> Approval:
        raise ApprovalNotFoundError(approval_id)

    def decide(self, approval_id: str, decision: Decision) -> None:
        raise ApprovalNotFoundError(approval_id)
