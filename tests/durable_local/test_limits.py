from dataclasses import replace

import pytest

from durable.model import ErrorObject, OperationUpdate
from durable_local import limits
from durable_local.errors import InvalidParameterValueError
from tests.durable_local import updates


@pytest.mark.parametrize(
    "update",
    [
        updates.step("SUCCEED", "a" * 64, payload="x" * limits.OPERATION_PAYLOAD_BYTES),
        replace(updates.step("START"), name="n" * 256, sub_type="s" * 32, parent_id="p" * 64),
        updates.wait(seconds=31_622_400),
        updates.wait(seconds=1),
        updates.callback(timeout=99_999_999, heartbeat=0),
        updates.retry(delay=1),
        updates.invoke(target="arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST", tenant="a b/c"),
        replace(updates.invoke(), payload="x" * limits.CHAINED_INVOKE_PAYLOAD_BYTES),
        updates.execution("SUCCEED", payload="x" * limits.EXECUTION_PAYLOAD_BYTES),
    ],
)
def test_an_update_at_the_limits_passes(update: OperationUpdate) -> None:
    limits.check_update(update)


@pytest.mark.parametrize(
    ("update", "told"),
    [
        (updates.step("START", ""), "Id ''"),
        (updates.step("START", "a" * 65), "Id"),
        (updates.step("START", "é"), "Id"),
        (updates.step("START", parent=""), "ParentId"),
        (replace(updates.step("START"), name="n" * 257), "Name"),
        (replace(updates.step("START"), name="naïve"), "Name 'naïve'"),
        (replace(updates.step("START"), sub_type="s" * 33), "SubType"),
        (updates.step("SUCCEED", payload="x" * (limits.OPERATION_PAYLOAD_BYTES + 1)), "Payload has 262145 bytes"),
        (updates.step("SUCCEED", payload="€" * 100_000), "Payload has 300000 bytes"),
        (replace(updates.step("FAIL"), error=ErrorObject("x" * limits.ERROR_BYTES)), "Error has"),
        (updates.wait(seconds=0), "WaitSeconds is 0"),
        (updates.wait(seconds=31_622_401), "WaitSeconds"),
        (updates.retry(delay=0), "NextAttemptDelaySeconds is 0"),
        (updates.callback(timeout=-1), "TimeoutSeconds is -1"),
        (updates.callback(heartbeat=100_000_000), "HeartbeatTimeoutSeconds"),
        (updates.invoke(target="a b"), "FunctionName 'a b'"),
        (updates.invoke(tenant=""), "TenantId"),
    ],
)
def test_an_update_over_a_limit_is_refused_by_the_fields_name(update: OperationUpdate, told: str) -> None:
    with pytest.raises(InvalidParameterValueError, match=told):
        limits.check_update(update)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 65])
def test_names_that_an_arn_could_not_hold_are_refused(name: str) -> None:
    with pytest.raises(InvalidParameterValueError, match="DurableExecutionName"):
        limits.check_execution_name(name)
    with pytest.raises(InvalidParameterValueError, match="FunctionName"):
        limits.check_function_name(name)
