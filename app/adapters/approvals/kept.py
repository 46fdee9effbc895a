"""Approvals as every store of them decides."""

import json
from abc import abstractmethod

from app.adapters.approvals.lambda_callbacks import LambdaCallbacks
from app.domain.fulfilment import Decision
from app.domain.refusals import ApprovalClosedError
from app.ports.approvals import Approvals


class KeptApprovals(Approvals):
    """Claims an approval for a decision, answers its callback, and forgets the callback's id, in this order.

    A process that dies in between leaves the claim, and whoever made it may repeat it.
    """

    def __init__(self, callbacks: LambdaCallbacks) -> None:
        self._callbacks = callbacks

    def decide(self, approval_id: str, decision: Decision) -> None:
        callback_id = self._claim(approval_id, json.dumps(decision, sort_keys=True))
        try:
            self._callbacks.succeed(callback_id, decision, approval_id)
        except ApprovalClosedError:
            self._forget(approval_id)
            raise
        self._forget(approval_id)

    @abstractmethod
    def _claim(self, approval_id: str, decision: str) -> str:
        """Record the decision as the only one, and return the callback's id.

        `ApprovalNotFoundError` and, where another decision was made or the callback's id is forgotten,
        `AlreadyDecidedError` refuse.
        """

    @abstractmethod
    def _forget(self, approval_id: str) -> None:
        """Take the callback's id away."""
