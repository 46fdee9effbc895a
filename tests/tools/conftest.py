"""A stack on servers that behave like AWS, with the resources of the template that the tools use."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest

from durable import DurableContext, durable_execution
from durable_local.clock import SystemClock
from tests.app.conftest import aws
from tests.durable_local.http.serving import Served, serving
from tests.template.document import Template

__all__ = ["aws"]

RESOURCES = ("Bucket", "InventoryTable", "PipelineLogs")
PIPELINE = "arn:aws:lambda:us-east-1:123456789012:function:PipelineFunction:live"


@dataclass(frozen=True)
class Deployed:
    """A stack that is there, its outputs, and the service that its pipeline runs in."""

    name: str
    outputs: dict[str, str]
    served: Served
    endpoint: str

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint)


@durable_execution
def pipeline(event: Any, context: DurableContext) -> Any:
    return event


@pytest.fixture
def aws_alone(monkeypatch: pytest.MonkeyPatch, aws: str) -> str:
    """AWS's address, for the tools too."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("STACK", f"hexagon-{uuid4().hex[:8]}")
    return aws


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, aws_alone: str) -> Iterator[Deployed]:
    """A stack that the environment names."""
    name = f"hexagon-{uuid4().hex[:8]}"
    monkeypatch.setenv("STACK", name)
    template = Template()
    outputs: dict[str, Any] = {each: template.outputs[each] for each in RESOURCES}
    outputs |= {"PipelineFunction": {"Value": PIPELINE}, "Customers": {"Value": "a sample"}}
    resources = {each: template.resources[each] for each in RESOURCES}
    parameters = {"LogRetentionInDays": template.document["Parameters"]["LogRetentionInDays"]}
    body = {"Parameters": parameters, "Resources": resources, "Outputs": outputs}
    cloudformation = boto3.client("cloudformation", endpoint_url=aws_alone)
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(body))
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    cloudformation.close()
    with serving(SystemClock()) as served:
        served.host("PipelineFunction", pipeline)
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", served.server.url)
        told = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        yield Deployed(name, told, served, aws_alone)
