import logging
from dataclasses import FrozenInstanceError

import pytest

from durable.types import (
    DurableExecutionArn,
    OperationContext,
    StepContext,
    WaitForCallbackContext,
    WaitForConditionCheckContext,
)

LOGGER = logging.getLogger(__name__)
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function"


@pytest.mark.parametrize(
    ("arn", "parts"),
    [
        (f"{FUNCTION}:orders:7/durable-execution/order-1/run-2", ("orders", "order-1", "run-2")),
        (f"{FUNCTION}:orders:$LATEST/durable-execution/a/b", ("orders", "a", "b")),
        ("arn:aws-cn:lambda:::function:f:live/durable-execution/a b/c:d", ("f", "a b", "c:d")),
    ],
)
def test_the_arn_of_an_execution_has_three_parts(arn: str, parts: tuple[str, str, str]) -> None:
    found = DurableExecutionArn.from_arn(arn)

    assert found == parts
    assert found is not None
    assert (found.function_name, found.execution_name, found.invocation_id) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "local",
        f"{FUNCTION}:orders:7",
        f"{FUNCTION}:orders/durable-execution/a/b",
        f"{FUNCTION}:orders:7/durable-execution/a",
        f"{FUNCTION}:orders:7/durable-execution/a/b/c",
        f"{FUNCTION}:orders:7/durable-execution//b",
        f"{FUNCTION}:or/ders:7/durable-execution/a/b",
        f" {FUNCTION}:orders:7/durable-execution/a/b",
        "arn:aws:states:eu-central-1:123456789012:function:orders:7/durable-execution/a/b",
    ],
)
def test_text_of_another_shape_is_no_arn_of_an_execution(text: str) -> None:
    assert DurableExecutionArn.from_arn(text) is None


@pytest.mark.parametrize(
    "context",
    [
        OperationContext(LOGGER),
        StepContext(LOGGER, 2),
        WaitForConditionCheckContext(LOGGER, 2),
        WaitForCallbackContext(LOGGER),
    ],
)
def test_what_a_user_function_is_handed_stays_as_it_is(context: OperationContext) -> None:
    with pytest.raises(FrozenInstanceError):
        context.logger = logging.getLogger()  # type: ignore[misc]

    assert context.logger is LOGGER


@pytest.mark.parametrize("kind", [StepContext, WaitForConditionCheckContext])
def test_the_first_attempt_is_one(kind: type[StepContext]) -> None:
    assert kind(LOGGER).attempt == 1
