"""Metrics by way of the log, in CloudWatch's embedded format."""

from collections.abc import Sequence

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from app.domain.measures import Measures
from app.ports.metrics import Metrics


class PowertoolsMetrics(Metrics):
    """Writes a line for each of the measures, at once; CloudWatch makes metrics of them, by service and by subject."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def count(self, service: str, measures: Sequence[Measures]) -> None:
        for each in measures:
            line = EphemeralMetrics(namespace=self._namespace, service=service)
            for name, number in each.numbers.items():
                line.add_metric(name, MetricUnit.Count, number)
            for name, subject in each.about.items():
                line.add_dimension(name, subject)
            line.flush_metrics()
