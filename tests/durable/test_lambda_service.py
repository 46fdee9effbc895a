"""The boto3 client, over HTTP, against a server on loopback that answers as the Lambda API does."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.config import Config

from durable.exceptions import BotoClientError, CheckpointError, GetExecutionStateError
from durable.lambda_service import LambdaClient
from durable.model import Operation, OperationAction, OperationStatus, OperationType, OperationUpdate, StepDetails
from durable.version import __version__

ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn:3/durable-execution/nightly/0f8fad5b"
UPDATE = OperationUpdate("a", OperationType.STEP, OperationAction.SUCCEED, name="s", sub_type="Step", payload="1")
STEP = {
    "Id": "a",
    "Type": "STEP",
    "SubType": "Step",
    "Name": "s",
    "Status": "SUCCEEDED",
    "StartTimestamp": 1767225600.2,
    "EndTimestamp": 1767225600.2,
    "StepDetails": {"Attempt": 1, "Result": "1"},
}


@dataclass
class LambdaApi:
    """What the server answers, and what it was asked."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)

    def fails(self, status: int, code: str, message: str) -> None:
        self.status, self.headers, self.body = status, {"x-amzn-errortype": code}, {"message": message}


@pytest.fixture
def api() -> Iterator[LambdaApi]:
    api = LambdaApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            api.requests.append((self.command, self.path, headers, json.loads(sent) if sent else None))
            text = json.dumps(api.body).encode()
            self.send_response(api.status)
            for name, value in {**api.headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield api
        server.shutdown()
        thread.join()


@pytest.fixture
def client(api: LambdaApi) -> LambdaClient:
    config = Config(retries={"total_max_attempts": 1})
    return LambdaClient(boto3.client("lambda", endpoint_url=api.url, config=config))


def test_a_checkpoint_is_one_post_with_the_updates_as_json(api: LambdaApi, client: LambdaClient) -> None:
    api.body = {"CheckpointToken": "T1", "NewExecutionState": {"Operations": [STEP], "NextMarker": "more"}}

    output = client.checkpoint(durable_execution_arn=ARN, checkpoint_token="T0", updates=[UPDATE], client_token="once")

    ((method, path, _, body),) = api.requests
    assert (method, unquote(path)) == ("POST", f"/2025-12-01/durable-executions/{ARN}/checkpoint")
    assert "%2Fdurable-execution%2F" in path
    assert body == {
        "CheckpointToken": "T0",
        "ClientToken": "once",
        "Updates": [{"Id": "a", "Type": "STEP", "Action": "SUCCEED", "Name": "s", "SubType": "Step", "Payload": "1"}],
    }
    moment = datetime(2026, 1, 1, 0, 0, 0, 200_000, UTC)
    assert output.checkpoint_token == "T1"
    assert output.new_execution_state.next_marker == "more"
    assert output.new_execution_state.operations == [
        Operation(
            "a",
            OperationType.STEP,
            OperationStatus.SUCCEEDED,
            None,
            "s",
            moment,
            moment,
            "Step",
            step_details=StepDetails(1, result="1"),
        )
    ]


def test_a_refresh_sends_no_updates_and_may_be_answered_without_a_token(api: LambdaApi, client: LambdaClient) -> None:
    api.body = {"NewExecutionState": {}}

    output = client.checkpoint(ARN, "T0", [], None)

    assert api.requests[0][3]["Updates"] == []
    assert output.checkpoint_token is None
    assert output.new_execution_state.operations == ()


def test_a_page_of_operations_is_one_get(api: LambdaApi, client: LambdaClient) -> None:
    api.body = {"Operations": [STEP], "NextMarker": "m2"}

    page = client.get_execution_state(
        durable_execution_arn=ARN, checkpoint_token="T0", next_marker="m1", max_items=1000
    )

    ((method, path, _, _),) = api.requests
    parts = urlsplit(path)
    assert (method, unquote(parts.path)) == ("GET", f"/2025-12-01/durable-executions/{ARN}/state")
    assert parse_qs(parts.query) == {"CheckpointToken": ["T0"], "Marker": ["m1"], "MaxItems": ["1000"]}
    assert [operation.operation_id for operation in page.operations] == ["a"]
    assert page.next_marker == "m2"


@pytest.mark.parametrize(
    ("failure", "is_retryable"),
    [
        ((429, "TooManyRequestsException", "Rate exceeded"), True),
        ((500, "ServiceException", "Internal error"), True),
        ((400, "InvalidParameterValueException", "Invalid checkpoint token"), True),
        ((400, "InvalidParameterValueException", "Invalid update"), False),
        ((403, "AccessDeniedException", "No"), False),
        ((502, "KMSDisabledException", "No key"), False),
    ],
)
def test_an_error_of_the_api_is_classified(
    api: LambdaApi, client: LambdaClient, failure: tuple[int, str, str], is_retryable: bool
) -> None:
    api.fails(*failure)

    with pytest.raises(CheckpointError, match=failure[2]) as checkpoint:
        client.checkpoint(ARN, "T0", [UPDATE], None)
    with pytest.raises(GetExecutionStateError) as state:
        client.get_execution_state(ARN, "T0", "m1")

    assert checkpoint.value.is_retryable() is state.value.is_retryable() is is_retryable
    assert checkpoint.value.error == {"Code": failure[1], "Message": failure[2]}


def test_a_server_that_is_gone_may_come_back() -> None:
    nobody = boto3.client("lambda", endpoint_url="http://127.0.0.1:1", config=Config(retries={"total_max_attempts": 1}))

    with pytest.raises(CheckpointError) as caught:
        LambdaClient(nobody).checkpoint(ARN, "T0", [UPDATE], None)

    assert caught.value.is_retryable()


def test_without_a_token_nothing_is_sent(api: LambdaApi, client: LambdaClient) -> None:
    for call in (lambda: client.checkpoint(ARN, "", [], None), lambda: client.get_execution_state(ARN, "", "m1")):
        with pytest.raises(BotoClientError, match="token is empty") as caught:
            call()
        assert caught.value.is_retryable()

    assert api.requests == []


def test_the_client_of_the_process_names_this_project_and_is_made_once(
    api: LambdaApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", api.url)
    api.body = {"CheckpointToken": "T1", "NewExecutionState": {}}

    class FreshClient(LambdaClient):
        """Of a process of its own, as it were."""

        _shared = None

    client = FreshClient.initialize_client()
    client.checkpoint(ARN, "T0", [], None)

    assert FreshClient.initialize_client() is client
    assert f"durable-hexagon/{__version__}" in api.requests[0][2]["user-agent"]
