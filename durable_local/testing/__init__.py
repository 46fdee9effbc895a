"""Runs durable functions in tests: no AWS, no waiting, everything recorded to look at.

result = run(handler, {"order": 7})
assert result.status == "SUCCEEDED"
assert result.get_step("charge").result == {"paid": True}
"""

from durable_local.hosts.loading import cold, warm
from durable_local.testing.delivery import lambda_client
from durable_local.testing.recorded import RecordedOperation
from durable_local.testing.result import DurableFunctionTestResult
from durable_local.testing.runner import CallbackNotOpenError, DurableFunctionTestRunner, run
from durable_local.testing.safety import ReplaySafety, ReplaySafetyError, assert_replay_safe

__all__ = [
    "CallbackNotOpenError",
    "DurableFunctionTestResult",
    "DurableFunctionTestRunner",
    "RecordedOperation",
    "ReplaySafety",
    "ReplaySafetyError",
    "assert_replay_safe",
    "cold",
    "lambda_client",
    "run",
    "warm",
]
