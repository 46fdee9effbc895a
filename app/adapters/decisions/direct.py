"""Decisions as the function's own event."""

from typing import Any

from app.domain.fulfilment import Decision
from app.ports.decision_source import Decide, DecisionSource


class DirectDecisions(DecisionSource):
    """Takes the event for the request, `decided_by` and all: who may invoke the function is trusted to say who decides.

    What it raises fails the invocation.
    """

    def delivers(self, delivery: Any) -> bool:
        return isinstance(delivery, dict) and "approval_id" in delivery

    def answer(self, delivery: Any, decide: Decide) -> Decision:
        return decide(delivery)
