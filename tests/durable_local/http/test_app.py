"""What the server does with requests that no AWS client would send, and what every answer carries."""

import re

import pytest

from durable_local.store.database import Database
from tests.durable_local.http.serving import SIGNATURE, Served
from tests.durable_local.http.test_api import NOWHERE, approving

INVOKE = "/2015-03-31/functions/f:$LATEST/invocations"
CHECKPOINT = "/2025-12-01/durable-executions/" + NOWHERE.replace("/", "%2F") + "/checkpoint"


@pytest.fixture
def bearer(served: Served) -> str:
    return f"Bearer {served.server.token}"


def test_health_and_the_description_need_the_token(served: Served, bearer: str) -> None:
    with served.http(bearer) as trusted, served.http(SIGNATURE) as signed, served.http(None) as stranger:
        assert trusted.get("/health").json() == {"status": "healthy"}
        assert trusted.get("/openapi.json").json()["openapi"] == "3.1.0"
        assert [client.get("/health").status_code for client in (signed, stranger)] == [403, 403]


def test_a_request_that_nobody_signed_changes_nothing(served: Served) -> None:
    served.host("f", approving)

    with served.http(None) as client:
        answer = client.post(INVOKE, content=b"{}")

    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (403, "MissingAuthenticationTokenException")
    assert served.runtime.executions.newest(1) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
def test_a_page_that_points_a_name_here_or_forges_a_request_is_refused(
    served: Served, headers: dict[str, str], status: int
) -> None:
    served.host("f", approving)

    with served.http() as client:
        answer = client.post(INVOKE, headers=headers, content=b"{}")

    assert answer.status_code == status
    assert served.runtime.executions.newest(1) == []


def test_no_answer_lets_other_origins_in(served: Served, bearer: str) -> None:
    with served.http(bearer) as client:
        asked = client.options(INVOKE, headers={"Access-Control-Request-Method": "POST"})
        answered = client.get("/health")

    assert asked.status_code == 405
    assert not [name for name in (*asked.headers, *answered.headers) if name.startswith("access-control")]


def test_every_answer_has_a_request_id_and_is_kept_nowhere(served: Served, bearer: str) -> None:
    with served.http(bearer) as client:
        answers = [client.get("/health"), client.get("/nothing"), client.get("/health", headers={"Host": "x"})]

    assert len({answer.headers["x-amzn-requestid"] for answer in answers}) == 3
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}


def test_an_unknown_path_and_a_wrong_method_are_told_apart(served: Served) -> None:
    with served.http() as client:
        unknown, wrong = client.post("/2025-12-01/durable-executions"), client.put(INVOKE)

    assert (unknown.status_code, unknown.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_a_body_that_is_too_large_is_refused_after_it_was_read(served: Served) -> None:
    served.host("f", approving)

    with served.http() as client:
        answer = client.post(INVOKE, content=b'"' + b"x" * 20_000_000 + b'"')

    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (413, "RequestTooLargeException")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "CheckpointToken is missing"),
        (b"[]", "The body must be a JSON object"),
        (b"{", "Could not parse request body into json"),
        (b'{"a":' * 50_000, "nested too deeply"),
        (b'{"CheckpointToken": 7}', "CheckpointToken must be of type string"),
        (b'{"CheckpointToken": "eA==", "Updates": {}}', "Updates must be of type array"),
        (b'{"CheckpointToken": "eA==", "Updates": [7]}', r"Updates\[0\] must be of type object"),
        (b'{"CheckpointToken": "eA==", "Updates": [{}]}', r"Updates\[0\].Id is missing"),
        (
            b'{"CheckpointToken": "eA==", "Updates": [{"Id": "s", "Type": "NAP", "Action": "START"}]}',
            r"Updates\[0\].Type must be one of EXECUTION, CONTEXT",
        ),
        (b'{"CheckpointToken": "eA==", "Updates": [{"Id": "\\ud800"}]}', r"Updates\[0\].Id is not Unicode text"),
        (
            b'{"CheckpointToken": "eA==", "Updates": [{"WaitOptions": {"WaitSeconds": true}}]}',
            r"Updates\[0\].WaitOptions.WaitSeconds must be of type integer",
        ),
    ],
)
def test_what_is_wrong_with_a_body_is_told_by_its_place(served: Served, body: bytes, complaint: str) -> None:
    with served.http() as client:
        answer = client.post(CHECKPOINT, content=body)

    told = answer.json()
    assert answer.status_code == 400
    assert told["Type"] == "User"
    assert re.search(complaint, told["message"])


def test_a_slash_in_an_arn_may_stand_encoded_only(served: Served) -> None:
    served.host("f", approving)
    arn = served.start("f")

    with served.http() as client:
        encoded = client.get("/2025-12-01/durable-executions/" + arn.replace("/", "%2F"))
        bare = client.get("/2025-12-01/durable-executions/" + arn)

    assert (encoded.status_code, bare.status_code) == (200, 404)


def test_a_store_that_fails_is_the_services_fault(served: Served) -> None:
    served.host("f", approving)
    database: Database = served.runtime.journals.database
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.row(f"PRAGMA max_page_count = {pages}")

    with served.http() as client:
        answer = client.post(INVOKE, content=b'"' + b"x" * 100_000 + b'"')

    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (500, "ServiceException")
    assert "full" in answer.json()["Message"]
    database.row("PRAGMA max_page_count = 1000000")


def test_the_log_tells_calls_without_payloads_tokens_or_callback_ids(
    served: Served, bearer: str, caplog: pytest.LogCaptureFixture
) -> None:
    served.host("f", approving)
    arn, callback_id = served.start_and_ask("f", {"card": "4111"})

    with caplog.at_level("DEBUG"), served.http(bearer) as client:
        path = callback_id.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")
        client.post(f"/2025-12-01/durable-execution-callbacks/{path}/succeed", content=b'"4111"')
        client.post(f"/2025-12-01/durable-execution-callbacks/{path}/succeed", content=b'"4111"')
        client.get(f"/2025-12-01/durable-execution-callbacks/{path}/none")
        served.dispatcher.wait(arn, 10)

    lines = [record.getMessage() for record in caplog.records if record.name.startswith(("durable_local", "uvicorn"))]
    assert [line.split(" ")[1:4] for line in lines if "Callback" in line] == [
        ["SendDurableExecutionCallbackSuccess", "200", "-"],
        ["SendDurableExecutionCallbackSuccess", "400", "CallbackTimeoutException"],
    ]
    for secret in (callback_id, path, "4111", served.server.token):
        assert not [line for line in lines if secret in line]
