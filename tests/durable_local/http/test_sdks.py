"""Functions on our core and on AWS's SDK, with no way to the service but boto3."""

import json
from typing import Any

import pytest

from durable_local.hosts.events import envelope
from tests.durable.programs import a_large_batch, steps_and_a_wait, waiting_branches
from tests.durable_local.http.serving import Served
from tests.interop.sdks import OFFICIAL, OURS, Sdk

EXPECTED = {
    steps_and_a_wait: ["a", "b", [1, 2], "c"],
    waiting_branches: ["after 0", "after 1", "after 2"],
    a_large_batch: ["ALL_COMPLETED", [100_000, 100_000, 100_000]],
}


@pytest.mark.parametrize("program", EXPECTED, ids=lambda program: program.__name__)
@pytest.mark.parametrize("sdk", [OURS, OFFICIAL], ids=lambda sdk: sdk.root)
def test_a_function_runs_to_its_end_by_the_lambda_api_alone(skipping: Served, sdk: Sdk, program: Any) -> None:
    client, names = skipping.client(), sdk.names
    decorate = sdk.durable_execution
    handler = decorate(lambda _event, context: program(names, context, lambda what: what), boto3_client=client)
    skipping.host("f", handler, present=envelope)

    answer = client.invoke(FunctionName="f:$LATEST", Payload=b"{}")

    assert json.loads(answer["Payload"].read()) == EXPECTED[program]


@pytest.mark.parametrize("sdk", [OURS, OFFICIAL], ids=lambda sdk: sdk.root)
def test_a_stale_token_ends_the_invocation_and_not_the_execution(skipping: Served, sdk: Sdk) -> None:
    client = skipping.client()

    def overtaken(event: Any, context: Any) -> Any:
        """A handler of whose invocation somebody else has used up the token, the first time."""
        if skipping.runtime.executions.get(event["DurableExecutionArn"]).invocations == 1:
            client.checkpoint_durable_execution(
                DurableExecutionArn=event["DurableExecutionArn"], CheckpointToken=event["CheckpointToken"]
            )
        return handler(event, context)

    handler = sdk.durable_execution(
        lambda _event, context: context.step(lambda _: "done", name="do"), boto3_client=client
    )
    skipping.host("f", overtaken, present=envelope)

    answer = client.invoke(FunctionName="f:$LATEST", Payload=b"{}", DurableExecutionName="once")

    assert json.loads(answer["Payload"].read()) == "done"
    assert skipping.runtime.executions.get("once").invocations == 2
