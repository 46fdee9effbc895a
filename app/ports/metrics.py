"""Where numbers add up."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.measures import Measures


class Metrics(Protocol):
    """Takes what is to be added to the metrics of a service; whether anybody looks at them is not told."""

    def count(self, service: str, measures: Sequence[Measures]) -> None:
        """Add them. The same measures again are added again."""
        ...
