"""AWS: clients with time limits, and what their errors mean."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError


class CutShortError(Exception):
    """The answer ended in its head."""


UNREACHABLE = (CutShortError, EndpointConnectionError, HTTPClientError, ResponseParserError)
MAY_PASS = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "Throttled",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
TOO_MANY_REQUESTS, FIRST_OF_THE_SERVER = 429, 500

Client = Any
"""A client of boto3, which makes its methods when it is made."""
Members = Mapping[str, Any]
"""What a call takes or answers, by name."""
Errors = Mapping[str, type[Exception]]
"""Errors of a port by what AWS calls them."""


def aws_client(
    service: str, attempts: int = 3, read_timeout: int = 10, connections: int = 10, **options: Any
) -> Client:
    """A client of a service with a time limit in seconds; boto3 is imported here, so a local run does without it."""
    import boto3
    from botocore.config import Config

    retries = {"mode": "standard", "total_max_attempts": attempts}
    config = Config(connect_timeout=5, read_timeout=read_timeout, retries=retries, max_pool_connections=connections)
    return boto3.client(service, config=config, **options)


def whole(answer: Members) -> Members:
    """The answer; raises `CutShortError` for one that ended before its headers, which looks as if it said nothing."""
    if not answer["ResponseMetadata"]["HTTPHeaders"]:
        raise CutShortError("the answer ended in its head")
    return answer


@contextmanager
def port_errors(
    what: str, final: type[Exception], may_pass: type[Exception], named: Errors | None = None
) -> Iterator[None]:
    """Raise what AWS refuses as an error of the port: a named one, one that may pass, or else a final one."""
    try:
        yield
    except ClientError as error:
        kind = (named or {}).get(error.response["Error"]["Code"]) or (may_pass if _may_pass(error) else final)
        raise kind(f"Cannot use {what}: {error}") from error
    except UNREACHABLE as error:
        raise may_pass(f"Cannot reach {what}: {error}") from error
    except BotoCoreError as error:
        raise final(f"Cannot use {what}: {error}") from error


def _may_pass(error: ClientError) -> bool:
    answer = error.response["ResponseMetadata"]
    status, is_cut_short = answer["HTTPStatusCode"], not answer.get("HTTPHeaders")
    return (
        error.response["Error"]["Code"] in MAY_PASS
        or status == TOO_MANY_REQUESTS
        or status >= FIRST_OF_THE_SERVER
        or is_cut_short
    )
