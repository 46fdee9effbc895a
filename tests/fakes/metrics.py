"""Metrics that a test can read."""

from collections import Counter
from collections.abc import Sequence

from app.domain.measures import Measures
from app.ports.metrics import Metrics


class AddedMetrics(Metrics):
    """Adds up, by name and by what it is about."""

    def __init__(self) -> None:
        self.totals = Counter[str]()

    def count(self, service: str, measures: Sequence[Measures]) -> None:
        for each in measures:
            about = " ".join([service, *each.about.values()])
            self.totals.update({f"{name} {about}": number for name, number in each.numbers.items()})
