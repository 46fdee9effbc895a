"""The end that somebody puts to an execution."""

from durable.model import ErrorObject
from durable_local.console.action import Done
from durable_local.console.page import Asked
from durable_local.errors import ServiceError
from durable_local.runtime import LocalRuntime


class OverError(ServiceError):
    """The execution has ended before it could be stopped; AWS has no error for that, and answers as if it had been."""

    code = "ExecutionOverException"
    status = 409


def stop(runtime: LocalRuntime, path: Asked, given: Asked) -> Done:
    """End an execution at once and for good, for a reason if one is given."""
    before, reason = runtime.executions.get(path["name"]), given.get("reason")
    if before.ended is None:
        runtime.executions.stop(before.arn, ErrorObject(reason) if reason else None)
    after = runtime.executions.get(before.arn)
    if before.ended or after.status != "STOPPED":
        status = after.status.lower().replace("_", " ")
        raise OverError(f"Execution {after.name} was over before: {status}. Nothing has changed.")
    return Done(f"Execution {after.name} is stopped.")
