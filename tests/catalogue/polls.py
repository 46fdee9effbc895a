"""How a condition is polled in a test."""

from durable.waits import WaitForConditionDecision


def met(_state: object, _polls: int) -> WaitForConditionDecision:
    """The condition is met at the first poll."""
    return WaitForConditionDecision.stop_polling()
