"""What happens when somebody decides on an order. Not durable: it is one answer to a callback."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.errors import InvalidRequestError
from app.domain.fulfilment import Decision, Reviewers, check_may_decide, check_open, decision
from app.ports.approvals import Approvals
from app.ports.clock import Clock
from app.ports.decision_source import DecisionSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Approving:
    """Lets reviewers decide on orders.

    - Who may decide is a rule of the domain.
    - A decision after the deadline does not count, nor does a second one.
    - Whoever decides knows the approval's id, and never the callback's.
    """

    sources: Sequence[DecisionSource]
    approvals: Approvals
    reviewers: Reviewers
    clock: Clock

    def run(self, delivery: Any) -> Any:
        """The answer that the delivery's source wants."""
        for source in self.sources:
            if source.delivers(delivery):
                return source.answer(delivery, self.decide)
        raise InvalidRequestError("The event is neither a decision nor a request by HTTP (format 2.0) for one")

    def decide(self, request: object) -> Decision:
        """Make the decision; when this returns, it has arrived at the execution that waits for it."""
        approval_id, decided = decision(request)
        approval = self.approvals.find(approval_id)
        check_may_decide(decided["decided_by"], approval, self.reviewers)
        check_open(approval, self.clock.now())
        self.approvals.decide(approval_id, decided)
        return decided
