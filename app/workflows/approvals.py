"""What happens when somebody decides on an order. Not durable: it is one answer to a callback."""

from dataclasses import dataclass

from app.domain.fulfilment import Decision, Reviewers, check_may_decide, check_open, decision
from app.ports.approvals import Approvals
from app.ports.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Approving:
    """Lets reviewers decide.

    - Who may decide is a rule of the domain, and judged before anything else is told.
    - A decision after the deadline does not count, nor does a second one.
    """

    approvals: Approvals
    reviewers: Reviewers
    clock: Clock

    def run(self, request: object) -> Decision:
        """The decision in the request, once it has arrived at the execution that waits for it."""
        approval_id, decided = decision(request)
        approval = self.approvals.find(approval_id)
        check_may_decide(decided["decided_by"], approval, self.reviewers)
        check_open(approval, self.clock.now())
        self.approvals.decide(approval_id, decided)
        return decided
