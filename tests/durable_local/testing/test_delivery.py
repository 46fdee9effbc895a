"""Handlers of AWS's SDK, as their authors write them."""

from functools import partial
from typing import Any

import aws_durable_execution_sdk_python as official
import pytest
from aws_durable_execution_sdk_python.config import Duration

from durable_local.testing import DurableFunctionTestRunner, lambda_client, run


@partial(official.durable_execution, boto3_client=lambda_client)
def waiting(event: Any, context: Any) -> Any:
    base = context.step(lambda _: event["base"], name="read-base")
    context.wait(Duration.from_days(1), name="a-day")
    return [base, context.invoke("other", 1, name="other")]


@partial(official.durable_execution, boto3_client=lambda_client)
def other(event: Any, context: Any) -> Any:
    return context.step(lambda _: event + 1, name="add")


def test_a_handler_of_the_official_sdk_runs_with_the_lambda_client() -> None:
    with DurableFunctionTestRunner(waiting) as runner:
        runner.register_durable_function("other", other)

        result = runner.run({"base": 4})

    assert (result.status, result.result) == ("SUCCEEDED", [4, 2])
    assert result.get_step("read-base").result == 4


def test_a_refusal_reaches_the_official_sdk_as_boto3_tells_it() -> None:
    @partial(official.durable_execution, boto3_client=lambda_client)
    def greedy(event: Any, context: Any) -> Any:
        return context.step(lambda _: "x" * 300_000, name="large")

    result = run(greedy)

    assert result.status == "FAILED"


def test_the_lambda_client_answers_for_running_executions_alone() -> None:
    with pytest.raises(LookupError, match="No test runner drives arn:unknown"):
        lambda_client.checkpoint_durable_execution(DurableExecutionArn="arn:unknown", CheckpointToken="t", Updates=[])
