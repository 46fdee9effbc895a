import http.client
import json
from collections.abc import Iterator, Mapping

import pytest

from durable.model import ErrorObject
from durable_local.hosts.processes.messages import Answered, Event, Failed, Ready
from durable_local.hosts.processes.runtime_api import RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"
RESPONSE = "/2018-06-01/runtime/invocation/request-1/response"
EVENT = Event("request-1", b"{}", {"Lambda-Runtime-Aws-Request-Id": "request-1"})


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    api = RuntimeApi()
    yield api
    api.close()


def ask(
    api: RuntimeApi, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection(api.address, timeout=10)
    connection.request(method, path, body, dict(headers or {}))
    response = connection.getresponse()
    told = response.status, response.getheader("Lambda-Runtime-Aws-Request-Id")
    connection.close()
    return told


def test_a_worker_takes_an_invocation_and_answers_it(api: RuntimeApi) -> None:
    api.offer(EVENT)

    assert ask(api, "GET", NEXT) == (200, "request-1")
    assert api.in_hand == "request-1"
    assert ask(api, "POST", RESPONSE, b"7") == (202, None)
    assert [api.messages.get(), api.messages.get()] == [Ready(), Answered(b"7")]
    assert api.in_hand is None


def test_an_invocation_stays_for_the_next_connection_when_one_has_ended(api: RuntimeApi) -> None:
    connection = http.client.HTTPConnection(api.address)
    connection.request("GET", NEXT)
    assert api.messages.get() == Ready()
    connection.close()

    api.offer(EVENT)

    assert ask(api, "GET", NEXT) == (200, "request-1")


def test_an_error_brings_its_stack_trace(api: RuntimeApi) -> None:
    api.offer(EVENT)
    ask(api, "GET", NEXT)
    error = {"errorMessage": "boom", "errorType": "ValueError", "stackTrace": ["here"]}

    ask(api, "POST", "/2018-06-01/runtime/invocation/request-1/error", json.dumps(error).encode())

    assert [api.messages.get(), api.messages.get()] == [
        Ready(),
        Failed(ErrorObject("boom", "ValueError", stack_trace=["here"])),
    ]


def test_a_response_is_taken_once_and_only_for_the_invocation_in_hand(api: RuntimeApi) -> None:
    assert ask(api, "POST", RESPONSE, b"7") == (400, None)
    api.offer(EVENT)
    ask(api, "GET", NEXT)
    ask(api, "POST", RESPONSE, b"7")

    assert ask(api, "POST", RESPONSE, b"8") == (400, None)


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://a"}, {"Sec-Fetch-Site": "none"}])
@pytest.mark.parametrize(("method", "path"), [("GET", NEXT), ("POST", RESPONSE)])
def test_a_browser_gets_nothing(api: RuntimeApi, method: str, path: str, headers: dict[str, str]) -> None:
    api.offer(EVENT)

    assert ask(api, method, path, headers=headers) == (403, None)
    assert api.messages.empty()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/", 400)])
def test_other_paths_are_refused(api: RuntimeApi, method: str, path: str, status: int) -> None:
    assert ask(api, method, path) == (status, None)
