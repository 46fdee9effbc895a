"""How a polled condition is polled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from durable.delays import Duration, GrowingDelays, JitterStrategy, Numeric
from durable.exceptions import WaitForConditionError
from durable.serdes import SerDes

T = TypeVar("T")


@dataclass(slots=True)
class WaitForConditionDecision:
    """Whether to poll again, and after which delay."""

    should_continue: bool
    delay: Duration

    @property
    def delay_seconds(self) -> int:
        """The delay in seconds."""
        return self.delay.to_seconds()

    @classmethod
    def continue_waiting(cls, delay: Duration) -> Self:
        """Poll again after the delay."""
        return cls(should_continue=True, delay=delay)

    @classmethod
    def stop_polling(cls) -> Self:
        """The state is as wished."""
        return cls(should_continue=False, delay=Duration())


@dataclass(frozen=True)  # slots would break a call by subscript, as in X[int](...), before Python 3.13
class WaitForConditionConfig(Generic[T]):
    """Decides from the polled state and the number of polls, and says what the state is at first."""

    wait_strategy: Callable[[T, int], WaitForConditionDecision]
    initial_state: T
    serdes: SerDes[T] | None = None


@dataclass(frozen=True)  # slots would break a call by subscript, as in X[int](...), before Python 3.13
class WaitStrategyConfig(GrowingDelays, Generic[T]):
    """Polls with delays that grow by a factor, as long as `should_continue_polling` says of the state."""

    should_continue_polling: Callable[[T], bool]
    max_attempts: int = 60
    initial_delay: Duration = Duration(5)
    max_delay: Duration = Duration(300)
    backoff_rate: Numeric = 1.5
    jitter_strategy: JitterStrategy = JitterStrategy.FULL


def create_wait_strategy(config: WaitStrategyConfig[T]) -> Callable[[T, int], WaitForConditionDecision]:
    """A strategy whose delay is `initial_delay * backoff_rate ** (polls - 1)`.

    It raises WaitForConditionError once `max_attempts` polls were not enough.
    """

    def decide(state: T, attempts_made: int) -> WaitForConditionDecision:
        if not config.should_continue_polling(state):
            return WaitForConditionDecision.stop_polling()
        if attempts_made >= config.max_attempts:
            told = f"wait_for_condition exhausted {attempts_made} attempts before the condition was met"
            raise WaitForConditionError(told)
        return WaitForConditionDecision.continue_waiting(config.after(attempts_made))

    return decide
