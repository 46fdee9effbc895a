"""How long to wait: durations, jitter, and the decision to try again."""

import math
import random
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from durable.constants import LONGEST_WAIT_SECONDS
from durable.exceptions import ValidationError

Numeric = int | float

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of whole seconds."""

    seconds: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.seconds < math.inf or self.seconds != int(self.seconds):
            raise ValidationError(
                f"Duration(seconds={self.seconds}) is not a whole number of seconds from 0 up; "
                "Duration.from_seconds rounds down"
            )
        object.__setattr__(self, "seconds", int(self.seconds))

    @classmethod
    def from_seconds(cls, value: float) -> Self:
        """So many seconds, rounded down."""
        return cls(int(value))

    @classmethod
    def from_minutes(cls, value: float) -> Self:
        """So many minutes, rounded down to seconds."""
        return cls(int(value * _MINUTE))

    @classmethod
    def from_hours(cls, value: float) -> Self:
        """So many hours, rounded down to seconds."""
        return cls(int(value * _HOUR))

    @classmethod
    def from_days(cls, value: float) -> Self:
        """So many days, rounded down to seconds."""
        return cls(int(value * _DAY))

    def to_seconds(self) -> int:
        """The span in seconds."""
        return self.seconds

    def as_wait(self) -> Self:
        """The span as the service takes it: from one second to 366 days."""
        return type(self)(min(max(1, self.seconds), LONGEST_WAIT_SECONDS))


class BoundedDelays:
    """Delays up to a longest one, with chance."""

    initial_delay: Duration
    max_delay: Duration
    jitter_strategy: "JitterStrategy"

    initial_delay_seconds = property(lambda self: self.initial_delay.to_seconds(), doc="The first delay in seconds.")
    max_delay_seconds = property(lambda self: self.max_delay.to_seconds(), doc="The longest delay in seconds.")

    def bounded(self, delay: float) -> Duration:
        """A delay in seconds as one of the strategy: no longer than its longest, and with chance."""
        return Duration(self.jitter_strategy.finalize_delay(min(delay, self.max_delay_seconds)))


class GrowingDelays(BoundedDelays):
    """Delays that grow by a factor."""

    backoff_rate: Numeric

    def after(self, attempts_made: int) -> Duration:
        """How long to wait after so many attempts; a thousand doublings are more than a float holds."""
        try:
            factor = float(self.backoff_rate) ** (attempts_made - 1)
        except OverflowError:
            factor = sys.float_info.max
        return self.bounded(self.initial_delay_seconds * factor)


class JitterStrategy(StrEnum):
    """How much of a delay is left to chance, so that callers do not return all at once."""

    NONE = "NONE"
    HALF = "HALF"
    FULL = "FULL"

    def apply_jitter(self, delay: float) -> float:
        """The delay in seconds, with chance."""
        if self is JitterStrategy.NONE:
            return delay
        chance = random.random()  # noqa: S311 - spreads load, keeps no secret
        return delay * chance if self is JitterStrategy.FULL else delay / 2 + delay / 2 * chance

    def finalize_delay(self, delay: float) -> int:
        """The delay with chance in whole seconds, at least one, as the service wants it."""
        return max(1, math.ceil(self.apply_jitter(delay)))


@dataclass(slots=True)
class RetryDecision:
    """Whether to try again, and after which delay."""

    should_retry: bool
    delay: Duration

    @property
    def delay_seconds(self) -> int:
        """The delay in seconds."""
        return self.delay.to_seconds()

    @classmethod
    def retry(cls, delay: Duration) -> Self:
        """Try again after the delay."""
        return cls(should_retry=True, delay=delay)

    @classmethod
    def no_retry(cls) -> Self:
        """Give up."""
        return cls(should_retry=False, delay=Duration())
