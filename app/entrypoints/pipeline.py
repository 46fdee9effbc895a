"""The pipeline's durable function."""

from aws_lambda_powertools import Logger

from app.container import build_container
from app.domain.measures import of_pipeline
from app.domain.pipeline import BranchSummary
from durable import DurableContext, durable_execution

SERVICE = "pipeline"
logger = Logger(service=SERVICE, location=None)  # it would be that of the replay-aware logger, on every line
container = build_container()


@durable_execution(plugins=container.telemetry().plugins(SERVICE, logger, of_pipeline))
def handler(event: object, context: DurableContext) -> dict[str, BranchSummary]:
    """Bring in the data types that the event names, and answer with what became of each."""
    context.set_logger(logger)
    return container.pipeline_workflow().run(event, context)
