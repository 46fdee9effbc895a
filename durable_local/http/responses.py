"""What the calls of the API answer, by the names of the Lambda API model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from durable.model import ErrorObject

_ARN = {"wire": "DurableExecutionArn"}
_NAME = {"wire": "DurableExecutionName"}
_STARTED, _ENDED = {"wire": "StartTimestamp"}, {"wire": "EndTimestamp"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that is more than a JSON document: its status, headers and body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class DurableConfig:
    """How long the executions of a function may take, and are kept."""

    execution_timeout: int | None = None
    retention_period_in_days: int | None = None


@dataclass(frozen=True, slots=True)
class DurableExecution:
    """An execution as it stands."""

    arn: str = field(metadata=_ARN)
    name: str = field(metadata=_NAME)
    function_arn: str
    status: str
    started: datetime = field(metadata=_STARTED)
    version: str
    execution_data_included: bool
    ended: datetime | None = field(default=None, metadata=_ENDED)
    input_payload: str | None = None
    result: str | None = None
    error: ErrorObject | None = None
    durable_config: DurableConfig | None = None
    expected_execution_timeout_timestamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class DurableExecutionSummary:
    """One line of a list of executions."""

    arn: str = field(metadata=_ARN)
    name: str = field(metadata=_NAME)
    function_arn: str
    status: str
    started: datetime = field(metadata=_STARTED)
    ended: datetime | None = field(default=None, metadata=_ENDED)


@dataclass(frozen=True, slots=True)
class DurableExecutions:
    """A page of a list of executions."""

    durable_executions: Sequence[DurableExecutionSummary]
    next_marker: str | None = None


@dataclass(frozen=True, slots=True)
class DurableExecutionHistory:
    """A page of a history; each event has details of its own type."""

    events: Sequence[Mapping[str, Any]]
    next_marker: str | None = None


@dataclass(frozen=True, slots=True)
class StoppedDurableExecution:
    """When an execution was stopped."""

    stop_timestamp: datetime


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty object, where a call answers nothing."""
