"""Where approvals are kept until somebody decides on them."""

from typing import Protocol

from app.domain.fulfilment import Approval, Decision


class ApprovalsError(Exception):
    """Approvals cannot be used, and trying again will not help; the text says why."""


class ApprovalsUnavailableError(ApprovalsError):
    """Approvals cannot be used now; the same call may succeed later."""


class Approvals(Protocol):
    """Keeps callback ids beside approvals. Whoever knows a callback's id may answer it, so none ever leaves again."""

    def keep(self, approval: Approval, callback_id: str) -> Approval:
        """Keep a new approval, durable when this returns. One that is kept already stays as it is, and is returned."""
        ...

    def find(self, approval_id: str) -> Approval:
        """The approval of an id; `ApprovalNotFoundError` if there is none."""
        ...

    def decide(self, approval_id: str, decision: Decision) -> None:
        """Answer the callback with the decision, and forget its id.

        The first decision counts: it may be repeated until it has arrived, and `AlreadyDecidedError` refuses any
        other. `ApprovalClosedError` says that the callback is closed.
        """
        ...
