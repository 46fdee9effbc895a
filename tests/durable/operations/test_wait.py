from typing import Any

import pytest

from durable.config import Duration
from tests.durable.execution import ExecutionUnderTest, ident, invoke
from tests.durable.updates import cancelled, wait


def pause(_event: object, context: Any) -> str:
    context.wait(Duration(5), name="w")
    return "waited"


def test_a_new_wait_is_recorded_and_ends_the_invocation() -> None:
    invoked = invoke(pause)

    assert invoked.status == "PENDING"
    assert invoked.updates == [
        {
            "Id": ident(1),
            "Type": "WAIT",
            "Action": "START",
            "Name": "w",
            "SubType": "Wait",
            "WaitOptions": {"WaitSeconds": 5},
        }
    ]


def test_a_wait_that_is_not_over_ends_the_invocation_again() -> None:
    execution = ExecutionUnderTest()
    execution.given(wait())
    execution.clock.advance(4.9)

    invoked = execution.invoke(pause)

    assert (invoked.status, invoked.updates) == ("PENDING", [])


def test_a_wait_that_is_over_lets_the_code_go_on() -> None:
    execution = ExecutionUnderTest()
    execution.given(wait())
    execution.clock.advance(5)

    invoked = execution.invoke(pause)

    assert (invoked.result, invoked.updates) == ("waited", [])


def test_a_wait_lasts_from_its_start_however_often_the_function_runs() -> None:
    execution = ExecutionUnderTest()
    began = execution.clock.now()

    ended = execution.run(pause)

    assert ended.status == "SUCCEEDED"
    assert (execution.clock.now() - began).total_seconds() == 5
    assert ended.invocations == 2


def test_a_wait_that_was_cancelled_fails() -> None:
    execution = ExecutionUnderTest()
    execution.given(wait(), cancelled(wait()))

    invoked = execution.invoke(pause)

    assert invoked.status == "FAILED"
    assert invoked.error["ErrorMessage"] == "The wait w was CANCELLED."


@pytest.mark.parametrize("seconds", [0, 31_622_401])
def test_a_wait_outside_the_services_range_is_refused_before_anything_is_recorded(seconds: int) -> None:
    invoked = invoke(lambda _event, context: context.wait(Duration(seconds), name="w"))

    assert invoked.error["ErrorType"].endswith(".ValidationError")
    assert invoked.updates == []
