"""Metrics that nobody looks at."""

from collections.abc import Sequence

from app.domain.measures import Measures
from app.ports.metrics import Metrics


class SilentMetrics(Metrics):
    """Counts nothing."""

    def count(self, service: str, measures: Sequence[Measures]) -> None:
        pass
