"""Approvals that a test has written down, or whose id it knows."""

from collections.abc import Iterable
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


class WrittenApprovals(Approvals):
    """Has some approvals, and remembers what was decided."""

    def __init__(self, approvals: Iterable[Approval]) -> None:
        self.decided: dict[str, Decision] = {}
        self._kept = {each.approval_id: each for each in approvals}

    def keep(self, approval: Approval, callback_id: str) -> Approval:
        return self._kept.setdefault(approval.approval_id, approval)

    def find(self, approval_id: str) -> Approval:
        if approval_id not in self._kept:
            raise ApprovalNotFoundError(approval_id)
        return self._kept[approval_id]

    def decide(self, approval_id: str, decision: Decision) -> None:
        self.decided[approval_id] = decision
