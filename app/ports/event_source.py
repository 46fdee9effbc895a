"""Who brings events, each in a form of its own."""

from collections.abc import Callable
from typing import Any, Protocol

from app.domain.starting import BusinessEvent

Begin = Callable[[BusinessEvent], str]
"""Begins what an event begins: the ARN of the execution. Raises `DomainError` or `StarterError`."""


class EventSource(Protocol):
    """Takes the business events out of what a service delivers, and answers as that service wants it."""

    def delivers(self, delivery: Any) -> bool:
        """Whether a delivery has this source's form."""
        ...

    def answer(self, delivery: Any, begin: Begin) -> Any:
        """Begin what each event in the delivery begins, and tell the source what became of it."""
        ...
