"""The fulfilment's durable function."""

from aws_lambda_powertools import Logger

from app.container import build_container
from app.domain.fulfilment import Outcome
from app.domain.measures import of_execution
from durable import DurableContext, durable_execution

SERVICE = "fulfilment"
logger = Logger(service=SERVICE, location=None)  # it would be that of the replay-aware logger, on every line
container = build_container()


@durable_execution(plugins=container.telemetry().plugins(SERVICE, logger, of_execution))
def handler(event: object, context: DurableContext) -> Outcome:
    """Fulfil the order that the event is, or undo it as far as it went."""
    context.set_logger(logger)
    return container.fulfilment_workflow().run(event, context)
