"""A condition is polled; the function does not run between polls, and the polls are bounded."""

from durable import DurableContext, durable_execution
from durable.config import Duration
from durable.types import WaitForConditionCheckContext
from durable.waits import WaitForConditionConfig, WaitStrategyConfig, create_wait_strategy

ONCE_A_SECOND = create_wait_strategy(
    WaitStrategyConfig[int](
        should_continue_polling=lambda percent: percent < 100,
        max_attempts=10,
        initial_delay=Duration.from_seconds(1),
        backoff_rate=1,
    )
)


@durable_execution
def handler(_event: object, context: DurableContext) -> int:
    """Polls until all of it is done."""
    return context.wait_for_condition(ask_how_far, WaitForConditionConfig(ONCE_A_SECOND, initial_state=0), "all-done")


def ask_how_far(percent: int, _context: WaitForConditionCheckContext) -> int:
    """The state that the last poll returned goes in, and the next one comes out."""
    return percent + 50
