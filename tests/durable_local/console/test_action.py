"""What all actions have in common, over HTTP."""

import json
import logging

import pytest

from durable_local.console.action import MOST_BYTES, json_of
from durable_local.errors import InvalidParameterValueError
from durable_local.tokens import callback_id
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import asks, doubles

STOP = "executions/monday/stop"


@pytest.fixture
def asking(visit: Visit) -> Visit:
    """An execution named monday that waits for its callback."""
    visit.served.host("asks", asks)
    visit.served.start_and_ask("asks", {}, "monday")
    return visit


def is_running(visit: Visit) -> bool:
    return visit.served.runtime.executions.get("monday").ended is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Durable-Permit": ""}, 403),
        ({"X-Durable-Permit": "0" * 64}, 403),
        ({"Cookie": "durable-console=1"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_what_is_not_a_page_that_may_act_changes_nothing(asking: Visit, headers: dict[str, str], status: int) -> None:
    assert asking.ask(STOP, {}, **headers).status_code == status
    assert is_running(asking)


def test_a_cookie_alone_changes_nothing(asking: Visit) -> None:
    for headers in ({}, {"Origin": asking.served.server.url}):
        assert asking.browser.post(f"/console/actions/{STOP}", json={}, headers=headers).status_code == 403

    assert is_running(asking)


def test_a_form_of_a_page_changes_nothing(asking: Visit) -> None:
    answer = asking.browser.post(f"/console/actions/{STOP}", data={"reason": "x"}, headers={"Origin": "null"})

    assert answer.status_code == 403
    assert is_running(asking)


def test_the_token_of_the_server_changes_nothing_here(asking: Visit) -> None:
    with asking.served.http(f"Bearer {asking.served.server.token}") as script:
        assert script.post(f"/console/actions/{STOP}", json={}).status_code == 403

    assert is_running(asking)


def test_nobody_grants_a_page_of_another_origin_the_header_that_it_would_need(asking: Visit) -> None:
    asked = {
        "Origin": "http://127.0.0.1:8000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-durable-permit,content-type",
    }
    with asking.served.http(None) as browser:
        for origin in (asked["Origin"], asking.served.server.url):
            answer = browser.options(f"/console/actions/{STOP}", headers=asked | {"Origin": origin})

            assert answer.status_code == 403
            assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("action", [STOP, "start", "executions/monday/operations/x/succeed"])
def test_an_action_is_only_posted(asking: Visit, action: str) -> None:
    assert asking.browser.get(f"/console/actions/{action}").status_code == 403
    assert asking.browser.get(f"/console/actions/{action}", headers=asking.headers).status_code in {404, 405}
    assert is_running(asking)


def test_who_comes_from_a_server_before_is_told_what_to_do(asking: Visit) -> None:
    refused = asking.ask(STOP, {}, **{"X-Durable-Permit": "0" * 64})

    assert "open the address of the console that `durable start` has printed" in refused.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "The request is not JSON"),
        (b"{", "The request is not JSON"),
        (b"\xff", "The request is not JSON"),
        (b"[" * 100_000, "The request is not JSON"),
        (b"[]", "must be a JSON object whose members are texts"),
        (b'{"reason": 1}', "must be a JSON object whose members are texts"),
        (rb'{"reason": "\ud800"}', "half of a letter"),
    ],
)
def test_a_request_that_is_not_one_is_refused(asking: Visit, body: bytes, told: str) -> None:
    refused = asking.browser.post(f"/console/actions/{STOP}", content=body, headers=asking.headers)

    assert refused.status_code == 400
    assert told in refused.json()["message"]
    assert is_running(asking)


def test_a_body_that_is_too_large_is_refused(asking: Visit) -> None:
    refused = asking.ask(STOP, {"reason": "x" * MOST_BYTES})

    assert refused.status_code == 413
    assert is_running(asking)


@pytest.mark.parametrize("action", ["stop", "nothing", "executions/monday/nothing"])
def test_what_cannot_be_done_is_nowhere(asking: Visit, action: str) -> None:
    assert asking.ask(action, {}).status_code in {404, 405}


def test_what_is_said_tells_no_callback_id(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    secret = callback_id()
    visit.ended("doubles", 1, secret)

    assert secret not in visit.act(f"executions/{secret}/stop", 409)
    assert secret not in visit.act("executions/x/stop", 404, reason=secret)
    assert secret not in visit.act(f"executions/{secret}x/stop", 404)


def test_the_log_names_the_action_and_tells_no_name_no_permit_and_no_payload(
    asking: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "durable_local.http"):
        asking.act(STOP, reason="because")
        asking.page()  # the line is written once the answer is sent

    assert "POST console-stop 200" in caplog.text
    assert not any(word in caplog.text for word in ("monday", "because", asking.permit))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1, column 1"),
        ('{"a": 1,\n "b": }', "line 2, column 7"),
        ("NaN", "NaN is no JSON"),
        ("[" * 100_000, "recursion"),
        ("1" * 5_000, "is not JSON"),
    ],
)
def test_the_place_of_a_mistake_is_told(text: str, told: str) -> None:
    with pytest.raises(InvalidParameterValueError, match=told) as refused:
        json_of(text, "The event")

    assert refused.value.message.startswith("The event is not JSON: ")


@pytest.mark.parametrize("value", [None, 1.5, "ü", [], {"a": [True]}])
def test_json_is_what_it_says(value: object) -> None:
    assert json_of(json.dumps(value), "The event") == value
