"""A function as a template describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TIMEOUT_SECONDS, MEMORY_MB, RETENTION_DAYS = 3, 128, 14
"""What Lambda takes where a template says nothing."""


@dataclass(frozen=True, slots=True)
class DurableConfig:
    """What makes a function durable."""

    execution_timeout_seconds: int
    retention_days: int = RETENTION_DAYS


@dataclass(frozen=True, slots=True)
class TemplateFunction:
    """A Lambda function with everything resolved."""

    name: str
    handler: str
    code: Path
    """The folder that its modules are imported from."""
    runtime: str
    timeout_seconds: int = TIMEOUT_SECONDS
    memory_mb: int = MEMORY_MB
    durable: DurableConfig | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    log_format: str = "Text"
    concurrency: int | None = None
    """How many invocations of it may run at once; None leaves it to all of them together."""
