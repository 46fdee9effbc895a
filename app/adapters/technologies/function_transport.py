"""HTTP to a Lambda function: nobody reaches it who may not invoke it, so it needs no endpoint and no signature."""

import base64
import json
from collections.abc import Callable

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from app.adapters.technologies.aws import UNREACHABLE, Client, Members, whole

BAD_GATEWAY = 502
"""What API Gateway answers for a function that fails, or says nothing that it knows."""


class FunctionTransport(httpx.BaseTransport):
    """Invokes a function with each request, in the format 2.0 that it would also get from API Gateway.

    What Lambda itself refuses is the answer, with Lambda's status: the function's name or the permission is wrong, or
    there is too much to do at the moment.
    """

    def __init__(self, client: Callable[[], Client], function: str) -> None:
        self._client = client
        self._function = function

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        payload = json.dumps(_delivery(request)).encode()
        try:
            answer = whole(self._client().invoke(FunctionName=self._function, Payload=payload))
            body = answer["Payload"].read()
        except ClientError as error:
            return _response(error.response["ResponseMetadata"]["HTTPStatusCode"], str(error).encode())
        except (*UNREACHABLE, BotoCoreError) as error:
            raise httpx.ConnectError(f"{self._function} cannot be invoked: {error}", request=request) from error
        told = None if "FunctionError" in answer else json.loads(body)
        if not isinstance(told, dict) or "statusCode" not in told:
            return _response(BAD_GATEWAY, body)
        return _told(told)


def function_client(client: Callable[[], Client], function: str) -> httpx.Client:
    """An HTTP client whose every request goes to one function, named with its alias."""
    return httpx.Client(transport=FunctionTransport(client, function))


def _delivery(request: httpx.Request) -> Members:
    return {
        "version": "2.0",
        "rawPath": request.url.path,
        "rawQueryString": request.url.query.decode(),
        "headers": dict(request.headers),
        "requestContext": {"http": {"method": request.method, "path": request.url.path}},
        "body": base64.b64encode(request.read()).decode(),
        "isBase64Encoded": True,
    }


def _told(answer: Members) -> httpx.Response:
    body: str = answer.get("body", "")
    is_encoded = answer.get("isBase64Encoded", False)
    content = base64.b64decode(body) if is_encoded else body.encode()
    return _response(answer["statusCode"], content, answer.get("headers", {}))


def _response(status: int, body: bytes, headers: Members | None = None) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
