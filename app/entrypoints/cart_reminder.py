"""The cart reminder's durable function."""

from aws_lambda_powertools import Logger

from app.container import build_container
from app.domain.carts import Outcome
from app.domain.measures import of_execution
from durable import DurableContext, durable_execution

SERVICE = "cart-reminder"
logger = Logger(service=SERVICE, location=None)  # it would be that of the replay-aware logger, on every line
container = build_container()


@durable_execution(plugins=container.telemetry().plugins(SERVICE, logger, of_execution))
def handler(event: object, context: DurableContext) -> Outcome:
    """Wait, look whether the cart was checked out, and remind the customer if it was not."""
    context.set_logger(logger)
    return container.cart_reminder_workflow().run(event, context)
