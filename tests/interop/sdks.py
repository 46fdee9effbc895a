"""Our core and AWS's SDK, each run as Lambda runs it: an event in, an answer out, the API called through boto3."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aws_durable_execution_sdk_python as official

import durable
from durable.lambda_service import DurableServiceClient
from durable_local.hosts.loading import Handler
from tests.durable.programs import Effect, Program, names_under
from tests.fakes.lambda_api import LambdaApi


@dataclass(frozen=True)
class Sdk:
    """An implementation of durable execution, known by its import root."""

    root: str
    durable_execution: Callable[..., Any]

    @property
    def names(self) -> SimpleNamespace:
        """What programs use of it."""
        return names_under(self.root)

    def handler(self, program: Program, service: DurableServiceClient, effect: Effect) -> Handler:
        """The program on this SDK, speaking to a service as boto3 does."""
        names = self.names
        handler: Handler = self.durable_execution(
            lambda _event, context: program(names, context, effect), boto3_client=LambdaApi(service)
        )
        return handler


OURS = Sdk("durable", durable.durable_execution)
OFFICIAL = Sdk("aws_durable_execution_sdk_python", official.durable_execution)
