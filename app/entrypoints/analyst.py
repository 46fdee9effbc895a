"""The analyst's durable function."""

from aws_lambda_powertools import Logger

from app.container import build_container
from app.domain.analyst import Analysis
from app.domain.measures import of_execution
from durable import DurableContext, durable_execution

SERVICE = "analyst"
logger = Logger(service=SERVICE, location=None)  # it would be that of the replay-aware logger, on every line
container = build_container()


@durable_execution(plugins=container.telemetry().plugins(SERVICE, logger, of_execution))
def handler(event: object, context: DurableContext) -> Analysis:
    """Have the question that the event asks answered from stored documents."""
    context.set_logger(logger)
    return container.analyst_workflow().run(event, context)
