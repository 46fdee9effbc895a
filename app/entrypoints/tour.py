"""The tour's durable function."""

from aws_lambda_powertools import Logger

from app.container import build_container
from app.domain.measures import of_execution
from app.domain.tour import TourSummary
from durable import DurableContext, durable_execution

SERVICE = "tour"
logger = Logger(service=SERVICE, location=None)  # it would be that of the replay-aware logger, on every line
container = build_container()


@durable_execution(plugins=container.telemetry().plugins(SERVICE, logger, of_execution))
def handler(event: object, context: DurableContext) -> TourSummary:
    """Take whom the event names on a tour of all operations."""
    context.set_logger(logger)
    return container.tour_workflow().run(event, context)
