"""Code that changes between two invocations of an execution."""

from collections.abc import Callable
from typing import Any

from tests.catalogue.effects import Effects
from tests.durable.execution import ExecutionUnderTest, Invoked

MISMATCH = "aws_durable_execution_sdk_python.exceptions.NonDeterministicExecutionError"
Body = Callable[[Any, Effects], object]


def first_and_then(first: Body, changed: Body) -> tuple[Invoked, Effects]:
    """The second invocation, whose code has changed, and what that did outside."""
    execution, before, after = ExecutionUnderTest(), Effects(), Effects()

    execution.invoke(lambda _event, context: first(context, before))
    return execution.invoke(lambda _event, context: changed(context, after)), after


def assert_refused(invoked: Invoked, effects: Effects, why: str = "") -> None:
    """The execution has failed for its code, which did and recorded nothing."""
    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", MISMATCH)
    assert why in invoked.error["ErrorMessage"]
    assert "deploy the change as a new version" in invoked.error["ErrorMessage"]
    assert (effects, invoked.updates) == ([], [])
