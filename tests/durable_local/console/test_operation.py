"""The page of one operation, over HTTP."""

import pytest

from durable.model import OperationType
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import doubles, fails, invokes, maps


def operation(visit: Visit, name: str, last: str) -> str:
    """The address of the last operation of a name."""
    found = [each.operation_id for each in visit.served.runtime.executions.operations(name) if each.name == last]
    return f"executions/{name}/operations/{found[-1]}"


def test_a_step_tells_its_attempts_its_result_and_its_events(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    visit.ended("doubles", 21, "monday")

    told = visit.text(operation(visit, "monday", "double"))

    assert "double ✓ succeeded Kind Step Started" in told
    assert "Attempts 1" in told
    assert "Result 42" in told
    assert "StepStarted" in told
    assert "StepSucceeded" in told
    assert "ExecutionStarted" not in told


def test_each_failed_attempt_tells_its_error(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no stock", "monday")

    told = visit.text(operation(visit, "monday", "charge"))

    assert "Attempts 2" in told
    assert "Failed attempts Event 3," in told
    assert told.count("Stack trace") == 3


def test_an_invoke_tells_its_input_and_leads_to_its_execution(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    visit.served.host("invokes", invokes)
    visit.ended("invokes", 21, "parent")
    (child,) = (each.name for each in visit.served.runtime.executions.newest(2) if each.name != "parent")

    page = visit.page(operation(visit, "parent", "ship"))

    assert f'<a href="/console/executions/{child}">' in page
    assert "Input 21 Result 42" in visit.text(operation(visit, "parent", "ship"))


def test_an_operation_leads_to_those_that_hold_it(visit: Visit) -> None:
    visit.served.host("maps", maps)
    visit.ended("maps", 1, "monday")

    told = visit.text(operation(visit, "monday", "store"))

    assert "Executions / monday / items / map-item-0 / store" in told


@pytest.mark.parametrize("operation_id", ["nothing", "%2e%2e%2f"])
def test_an_operation_that_there_is_not_is_told(visit: Visit, operation_id: str) -> None:
    visit.served.host("doubles", doubles)
    visit.ended("doubles", 21, "monday")

    assert "Execution monday has no operation" in visit.text(f"executions/monday/operations/{operation_id}", 404)


def test_the_execution_itself_is_no_operation_of_its_own(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    visit.ended("doubles", 21, "monday")
    (root, *_) = visit.served.runtime.executions.operations("monday")

    assert root.operation_type is OperationType.EXECUTION
    assert "has no operation" in visit.text(f"executions/monday/operations/{root.operation_id}", 404)
