"""Who brings events, each in a form of its own."""

from collections.abc import Callable
from typing import Any, Protocol

from app.domain.starting import BusinessEvent

Delivery = Any
"""What a service hands to a function: JSON of a form of its own."""
Answer = Any
"""What a service wants to hear of it."""
Begin = Callable[[BusinessEvent], str]
"""Begins what an event begins: the ARN of the execution. Raises `DomainError` or `StarterError`."""


class EventSource(Protocol):
    """Takes the business events out of what a service delivers, and answers as that service wants it."""

    def delivers(self, delivery: Delivery) -> bool:
        """Whether a delivery has this source's form."""
        ...

    def answer(self, delivery: Delivery, begin: Begin) -> Answer:
        """Begin what each event in the delivery begins, and tell the source what became of it."""
        ...
