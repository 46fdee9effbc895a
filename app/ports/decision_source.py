"""Who brings decisions, each in a form of its own."""

from collections.abc import Callable
from typing import Any, Protocol

from app.domain.fulfilment import Decision

Decide = Callable[[object], Decision]
"""Makes the decision that a request asks for. Raises `DomainError` or `ApprovalsError`."""


class DecisionSource(Protocol):
    """Takes the request for a decision out of what is delivered, and answers as the source wants it."""

    def delivers(self, delivery: Any) -> bool:
        """Whether a delivery has this source's form."""
        ...

    def answer(self, delivery: Any, decide: Decide) -> Any:
        """Make the decision in the delivery, and tell the source what became of it."""
        ...
