import json
from typing import Any

import boto3
import pytest

from tests.app.conftest import CREDENTIALS
from tests.e2e.stack.deployed import ProvidersError, deployed
from tests.e2e.stack.emulated import moto

TEMPLATE = {
    "Parameters": {"PaymentsUrl": {"Type": "String", "Default": ""}},
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
}


def create(name: str, address: str, **parameters: str) -> Any:
    """A stack, and what makes clients of AWS's services there."""

    def client(service: str) -> Any:
        return boto3.client(service, endpoint_url=address, **CREDENTIALS)

    given = [{"ParameterKey": each, "ParameterValue": value} for each, value in parameters.items()]
    client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE), Parameters=given)
    return client


def test_a_stacks_resources_are_known_by_their_logical_ids() -> None:
    with moto() as address:
        client = create("samples", address)

        stack = deployed("samples", client)
        stack.client("s3").put_object(Bucket=stack.ids["Bucket"], Key="pipeline/one", Body=b"1")

        assert stack.documents("pipeline/") == {"one": b"1"}
        assert stack.parameters == {"PaymentsUrl": ""}


def test_a_stack_that_takes_real_money_is_refused() -> None:
    with moto() as address:
        client = create("shop", address, PaymentsUrl="https://pay.example.com")

        with pytest.raises(ProvidersError, match=r"https://pay.example.com.*nobody's money moves"):
            deployed("shop", client)
