"""HTTP to a function, through a Lambda API."""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from app.adapters.technologies.aws import aws_client
from app.adapters.technologies.function_transport import function_client
from tests.app.conftest import CREDENTIALS
from tests.fakes.functions import invoking
from tests.fakes.http_server import Answer, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """What only looks like the Lambda API."""
    with serving() as server:
        yield server


@pytest.fixture
def troubled(server: Server) -> Iterator[httpx.Client]:
    lambda_api = aws_client("lambda", attempts=1, endpoint_url=server.url, **CREDENTIALS)
    with function_client(lambda: lambda_api, "Sample:live") as client:
        yield client
    lambda_api.close()


def test_the_function_gets_the_request_as_from_api_gateway() -> None:
    with invoking(lambda event: {"statusCode": 200, "body": json.dumps(event)}) as client:
        told = client.post("https://any.internal/charges?a=1&b=2", content=b"\xff", headers={"Idempotency-Key": "k"})

    delivery = told.json()
    assert (delivery["version"], delivery["rawPath"], delivery["rawQueryString"]) == ("2.0", "/charges", "a=1&b=2")
    assert delivery["headers"]["idempotency-key"] == "k"
    assert delivery["requestContext"]["http"] == {"method": "POST", "path": "/charges"}
    assert base64.b64decode(delivery["body"]) == b"\xff"


@pytest.mark.parametrize("is_encoded", [False, True])
def test_the_functions_answer_is_the_response(*, is_encoded: bool) -> None:
    body = base64.b64encode(b'{"a": 1}').decode() if is_encoded else '{"a": 1}'
    answer = {"statusCode": 418, "headers": {"x-kind": "pot"}, "body": body, "isBase64Encoded": is_encoded}

    with invoking(lambda _: answer) as client:
        response = client.get("https://any.internal/")

    assert (response.status_code, response.headers["x-kind"], response.json()) == (418, "pot", {"a": 1})


def test_a_function_that_fails_is_a_bad_gateway() -> None:
    with invoking(lambda _: 1 / 0) as client:
        response = client.get("https://any.internal/")

    assert response.status_code == 502
    assert "ZeroDivisionError" in response.text


@pytest.mark.parametrize("answer", ["a text", None, {"body": "no status"}])
def test_a_function_that_does_not_answer_as_an_api_is_a_bad_gateway(answer: object) -> None:
    with invoking(lambda _: answer) as client:
        response = client.get("https://any.internal/")

    assert (response.status_code, response.json()) == (502, answer)


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDeniedException"), (429, "TooManyRequestsException")])
def test_what_lambda_refuses_is_answered_with_its_own_status(
    server: Server, troubled: httpx.Client, status: int, code: str
) -> None:
    server.answer("*", Answer(json.dumps({"__type": code, "message": "No"}), status))

    response = troubled.get("https://any.internal/")

    assert response.status_code == status


def test_a_lambda_that_is_not_there_cannot_be_reached() -> None:
    with serving() as gone:
        lambda_api = aws_client("lambda", attempts=1, endpoint_url=gone.url, **CREDENTIALS)

    with (
        function_client(lambda: lambda_api, "Sample:live") as client,
        pytest.raises(httpx.ConnectError, match="Sample:live cannot be invoked"),
    ):
        client.get("https://any.internal/")
    lambda_api.close()
