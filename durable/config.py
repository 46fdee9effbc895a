"""How each operation behaves; all settings of the public API."""

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from durable.completion import BatchItemStatus as BatchItemStatus
from durable.completion import CompletionConfig as CompletionConfig
from durable.completion import CompletionDecision as CompletionDecision
from durable.completion import CompletionItemStatus as CompletionItemStatus
from durable.completion import CompletionOutcome as CompletionOutcome
from durable.completion import CompletionStatus as CompletionStatus
from durable.completion import complete_batch as complete_batch
from durable.completion import continue_batch as continue_batch
from durable.delays import Duration as Duration
from durable.delays import JitterStrategy as JitterStrategy
from durable.delays import Numeric as Numeric
from durable.delays import RetryDecision
from durable.exceptions import ValidationError
from durable.serdes import SerDes
from durable.values import Subscriptable, SummaryGenerator, Value

T = TypeVar("T")

RetryStrategy = Callable[[Exception, int], RetryDecision]
"""Decides, from what a step raised and the number of attempts made, whether to try again."""

_SUB_TYPE = re.compile(r"[A-Za-z0-9-_]{1,32}")


class _Labelled:
    """A config with a label for its operation, which the service bounds."""

    __slots__ = ()
    sub_type: str | None

    def __post_init__(self) -> None:
        if self.sub_type and not _SUB_TYPE.fullmatch(self.sub_type):
            raise ValidationError(f"sub_type={self.sub_type!r} must be 1 to 32 of the characters A-Z a-z 0-9 - _")


class StepSemantics(StrEnum):
    """What a step may do when its invocation dies: run again, or not."""

    AT_MOST_ONCE_PER_RETRY = "AT_MOST_ONCE_PER_RETRY"
    AT_LEAST_ONCE_PER_RETRY = "AT_LEAST_ONCE_PER_RETRY"


class NestingType(StrEnum):
    """Whether each branch of a batch is recorded as a context, or only what it does inside."""

    NESTED = "NESTED"
    FLAT = "FLAT"


@dataclass(frozen=True, slots=True)
class StepConfig(_Labelled):
    """How a step is retried, recorded and written."""

    retry_strategy: RetryStrategy | None = None
    step_semantics: StepSemantics = StepSemantics.AT_LEAST_ONCE_PER_RETRY
    serdes: SerDes[Value] | None = None
    _: KW_ONLY
    sub_type: str | None = None


@dataclass(frozen=True, slots=True)
class InvokeConfig(Subscriptable):
    """How the payload and the result of an invoked function are written, and for which tenant it runs."""

    serdes_payload: SerDes[Value] | None = None
    serdes_result: SerDes[Value] | None = None
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackConfig(_Labelled):
    """How long a callback may take in all and between heartbeats (0 is for ever), and how its answer is read."""

    timeout: Duration = Duration()
    heartbeat_timeout: Duration = Duration()
    serdes: SerDes[Value] | None = None
    _: KW_ONLY
    sub_type: str | None = None

    @property
    def timeout_seconds(self) -> int:
        """How long the callback may take, in seconds."""
        return self.timeout.to_seconds()

    @property
    def heartbeat_timeout_seconds(self) -> int:
        """How long it may be silent, in seconds."""
        return self.heartbeat_timeout.to_seconds()


@dataclass(frozen=True, slots=True)
class WaitForCallbackConfig(CallbackConfig):
    """The same, and how the step that hands out the callback's id is retried."""

    retry_strategy: RetryStrategy | None = field(default=None, kw_only=False)


@dataclass(frozen=True, slots=True)
class ChildConfig(_Labelled, Subscriptable):
    """How a child context is recorded; a virtual one is not, only what it does inside."""

    serdes: SerDes[Value] | None = None
    sub_type: str | None = None
    summary_generator: SummaryGenerator | None = None
    is_virtual: bool = False


@dataclass(frozen=True, slots=True)
class BatchConfig:
    """How many branches of a batch run at once, when it ends, and how it is recorded."""

    max_concurrency: int | None = None
    completion_config: CompletionConfig = field(default_factory=CompletionConfig)
    serdes: SerDes[Value] | None = None
    item_serdes: SerDes[Value] | None = None
    summary_generator: SummaryGenerator | None = None
    nesting_type: NestingType = NestingType.NESTED

    def __post_init__(self) -> None:
        if self.max_concurrency is not None and self.max_concurrency < 1:
            raise ValidationError(f"max_concurrency={self.max_concurrency} must be at least 1, or None for all at once")


@dataclass(frozen=True, slots=True)
class MapConfig(BatchConfig, Subscriptable):
    """The same for a map, and how its branches are named."""

    item_namer: Callable[[Value, int], str] | None = None


@dataclass(frozen=True, slots=True)
class ParallelConfig(BatchConfig):
    """The same for a parallel, which says that no branch may fail."""

    completion_config: CompletionConfig = field(default_factory=CompletionConfig.all_successful)


@dataclass(frozen=True)  # slots would break a call by subscript, as in X[int](...), before Python 3.13
class ParallelBranch(Generic[T]):
    """A function of a durable context, with a name for its branch."""

    func: Callable[..., T]
    name: str | None = None

    def __call__(self, *args: Value, **kwargs: Value) -> T:
        """Call the function itself."""
        return self.func(*args, **kwargs)
