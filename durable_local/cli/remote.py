"""The executions of deployed functions at AWS, or of a server that speaks like AWS, through boto3."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from durable.model import ErrorObject, Operation
from durable.wire import decode, encode
from durable_local.cli.console import UnavailableError, UsageError
from durable_local.cli.recorded import operations_of
from durable_local.errors import (
    CallbackTimeoutError,
    ExecutionAlreadyStartedError,
    InvalidParameterValueError,
    ResourceNotFoundError,
    ServiceError,
)
from durable_local.executions import Execution, Summary
from durable_local.history import INVOCATION_COMPLETED
from durable_local.timeline.spans import Json

AWS = "aws"

_LOOPBACK = {"127.0.0.1", "localhost"}
_NO_SECRET = {"region_name": "us-east-1", "aws_access_key_id": "local", "aws_secret_access_key": "local"}
"""A server on this machine asks for a signature, and for no particular one."""
_CONNECT_SECONDS, _ATTEMPTS = 5, 3
_REFUSALS: dict[str, type[ServiceError]] = {
    each.code: each
    for each in (
        CallbackTimeoutError,
        ExecutionAlreadyStartedError,
        InvalidParameterValueError,
        ResourceNotFoundError,
    )
}


class RemoteExecutions:
    """Executions at an endpoint: `aws`, with the credentials and the region that the AWS CLI has, or a URL."""

    def __init__(self, endpoint: str, function: str | None = None) -> None:
        if endpoint != AWS and not urlsplit(endpoint).netloc:
            raise UsageError(f"--endpoint is {endpoint!r}; write aws, or a URL such as http://127.0.0.1:9010")
        self._endpoint, self._function = endpoint, function
        self._events: dict[str, list[Json]] = {}

    def newest(self, limit: int) -> Sequence[Summary]:
        """The executions of the function that were started last, newest first."""
        if self._function is None:
            raise UsageError("Which function's executions? Name it with --function; an endpoint lists no others")
        return list(islice(self._listed(FunctionName=self._function), limit))

    def get(self, execution: str) -> Execution:
        """One execution, by its ARN, or by its name where the function is known."""
        arn = self._arn(execution)
        with self._told():
            told = self._client.get_durable_execution(DurableExecutionArn=arn, IncludeExecutionData=True)
        summary, terms = _summary(told), told.get("DurableConfig") or {}
        invocations = sum(event["EventType"] == INVOCATION_COMPLETED for event in self.events(arn, with_data=True))
        return Execution(
            summary.arn,
            summary.name,
            summary.function,
            summary.status,
            told.get("InputPayload"),
            told.get("Result"),
            decode(ErrorObject, told["Error"]) if told.get("Error") else None,
            summary.started,
            summary.ended,
            invocations,
            terms.get("ExecutionTimeout"),
            terms.get("RetentionPeriodInDays"),
        )

    def operations(self, execution: str) -> Sequence[Operation]:
        """Its operations in the order of their start, as its history tells them."""
        return operations_of(self.events(execution, with_data=True))

    def events(self, execution: str, *, with_data: bool) -> list[Json]:
        """Its history, all pages; asked for once."""
        arn = self._arn(execution)
        key = f"{arn} {with_data}"
        if key not in self._events:
            with self._told():
                asked = {"DurableExecutionArn": arn, "IncludeExecutionData": with_data}
                pages = self._client.get_paginator("get_durable_execution_history").paginate(**asked)
                self._events[key] = [event for page in pages for event in page["Events"]]
        return self._events[key]

    def forget(self) -> None:
        """Ask anew for the histories that were asked for."""
        self._events.clear()

    def start(self, function: str, name: str, payload: str) -> str:
        """Begin an execution, or find the one that has begun under this name; its ARN."""
        asked = {"FunctionName": function, "DurableExecutionName": name, "InvocationType": "Event"}
        with self._told():
            arn: str | None = self._client.invoke(**asked, Payload=payload.encode()).get("DurableExecutionArn")
        if arn is None:
            raise UsageError(f"{function} is no durable function there: the invocation has begun no execution")
        return arn

    def stop(self, execution: str, error: ErrorObject | None) -> datetime:
        """End it at once; the answer is when it ended."""
        arn, told = self._arn(execution), {"Error": encode(error)} if error else {}
        with self._told():
            stopped: datetime = self._client.stop_durable_execution(DurableExecutionArn=arn, **told)["StopTimestamp"]
            return stopped

    def succeed(self, callback_id: str, result: str | None) -> None:
        """Answer a callback."""
        told = {} if result is None else {"Result": result.encode()}
        with self._told():
            self._client.send_durable_execution_callback_success(CallbackId=callback_id, **told)

    def fail(self, callback_id: str, error: ErrorObject) -> None:
        """Answer a callback with a failure."""
        with self._told():
            self._client.send_durable_execution_callback_failure(CallbackId=callback_id, Error=encode(error))

    def heartbeat(self, callback_id: str) -> None:
        """Keep a callback open."""
        with self._told():
            self._client.send_durable_execution_callback_heartbeat(CallbackId=callback_id)

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(connect_timeout=_CONNECT_SECONDS, retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"})
        if self._endpoint == AWS:
            # The AWS CLI knows AWS_REGION, boto3 by itself only AWS_DEFAULT_REGION.
            return boto3.client("lambda", region_name=os.environ.get("AWS_REGION"), config=config)
        known = _NO_SECRET if urlsplit(self._endpoint).hostname in _LOOPBACK else {}
        return boto3.client("lambda", endpoint_url=self._endpoint, config=config, **known)

    def _arn(self, execution: str) -> str:
        if execution.startswith("arn:"):
            return execution
        if self._function is None:
            raise UsageError(f"{execution} is no ARN: give one, or name the function with --function")
        named = self._listed(FunctionName=self._function, DurableExecutionName=execution)
        found = next(named, None)
        if found is None:
            raise ResourceNotFoundError(f"Function {self._function} has no execution {execution}")
        return found.arn

    def _listed(self, **asked: str) -> Iterator[Summary]:
        with self._told():
            for page in self._client.get_paginator("list_durable_executions_by_function").paginate(**asked):
                yield from map(_summary, page["DurableExecutions"])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the endpoint as those of the local service, where they are the same."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            if refusal := _REFUSALS.get(code):
                raise refusal(message) from error
            raise UnavailableError(f"{self._endpoint} refuses: {code}: {message}") from error
        except BotoCoreError as error:
            way_out = (
                "`aws sts get-caller-identity` tells whether the AWS CLI has credentials, and AWS_REGION the region"
                if self._endpoint == AWS
                else "does `durable start` run there?"
            )
            raise UnavailableError(f"{self._endpoint} cannot be asked: {error}; {way_out}") from error


def _summary(told: Json) -> Summary:
    function = told["FunctionArn"].partition(":function:")[2].partition(":")[0]
    return Summary(
        told["DurableExecutionArn"],
        told["DurableExecutionName"],
        function,
        told["Status"],
        told["StartTimestamp"],
        told.get("EndTimestamp"),
    )
