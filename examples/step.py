"""A step runs until it succeeds; what it returned is recorded, and replay returns that."""

from datetime import UTC, datetime

from durable import DurableContext, StepContext, durable_execution
from durable.config import Duration, StepConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy

SOON = create_retry_strategy(RetryStrategyConfig(max_attempts=3, initial_delay=Duration.from_seconds(1)))


@durable_execution
def handler(_event: object, context: DurableContext) -> str:
    """Fails at first, and is tried again."""
    return context.step(ask_the_time, "ask-the-time", StepConfig(retry_strategy=SOON))


def ask_the_time(step: StepContext) -> str:
    """What differs each time belongs in a step."""
    if step.attempt == 1:
        raise ConnectionError("nobody answers; the step is tried again")
    return datetime.now(UTC).isoformat()
