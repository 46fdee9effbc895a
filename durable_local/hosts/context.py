"""The second argument of every Lambda handler."""

import time
from dataclasses import dataclass, field

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """Facts about the function and this invocation, under the names Lambda gives them."""

    function_name: str
    function_version: str
    invoked_function_arn: str
    aws_request_id: str
    memory_limit_in_mb: str = "128"
    log_group_name: str = ""
    log_stream_name: str = ""
    identity: None = None
    client_context: None = None
    tenant_id: str | None = None
    timeout_seconds: float = 900
    _began: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """How long the invocation may still run."""
        return int(self.remaining_seconds() * _MILLISECONDS)

    def remaining_seconds(self) -> float:
        """The same, as precise as it can be told."""
        return max(0.0, self.timeout_seconds - (time.monotonic() - self._began))
