import re

import pytest

from durable_local.http.guard import Guard, new_token
from tests.durable_local.http.serving import SIGNATURE

GUARD = Guard(3000, "secret")
API = "/2025-12-01/durable-executions/x"
TOKEN = "Bearer secret"


def refusal(path: str = API, authorization: str = SIGNATURE, **others: str) -> int | None:
    headers = {"host": "127.0.0.1:3000", "authorization": authorization} | {
        name.replace("_", "-"): value for name, value in others.items()
    }
    error = GUARD.refusal(path, headers)
    return error.status if error else None


def test_signed_calls_of_the_api_are_let_in_whoever_has_signed_them() -> None:
    assert refusal() is None
    assert refusal(authorization=re.sub("me/", "AKIAEXAMPLE/", SIGNATURE)) is None


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000"])
def test_the_server_has_two_names(host: str) -> None:
    assert refusal(host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1",
        "localhost",
        "localhost:80",
        "evil.example:3000",
        "127.0.0.1:3000.evil.example",
        "evil.example#127.0.0.1:3000",
        "LOCALHOST:3000 ",
        "[::1]:3000",
        "0.0.0.0:3000",
    ],
)
def test_another_host_is_misdirected(host: str) -> None:
    assert refusal(host=host) == 421
    assert refusal("/health", TOKEN, host=host) == 421


def test_a_request_without_a_host_is_misdirected() -> None:
    error = GUARD.refusal(API, {"authorization": SIGNATURE})

    assert error
    assert error.status == 421


@pytest.mark.parametrize(
    "origin", ["null", "", "http://evil.example", "https://127.0.0.1:3000", "http://127.0.0.1:3001", "http://localhost"]
)
def test_pages_of_other_origins_are_refused_even_if_they_could_authorize(origin: str) -> None:
    assert refusal(origin=origin) == 403
    assert refusal("/health", TOKEN, origin=origin) == 403


@pytest.mark.parametrize("origin", ["http://127.0.0.1:3000", "http://localhost:3000"])
def test_the_servers_own_pages_are_let_in(origin: str) -> None:
    assert refusal("/health", TOKEN, origin=origin) is None


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "secret",
        "Basic c2VjcmV0",
        "Bearer ",
        "Bearer secre",
        "Bearer secrets",
        "bearer secret",
        "Bearer sécret",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
        SIGNATURE[:-1],
        f"{SIGNATURE}\nx",
    ],
)
def test_who_neither_signs_nor_has_the_token_is_refused(authorization: str) -> None:
    assert refusal(authorization=authorization) == 403


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/console/", "/2025-12-01", "//2025-12-01/x"])
def test_what_is_not_the_api_needs_the_token(path: str) -> None:
    assert refusal(path) == 403
    assert refusal(path, TOKEN) is None


def test_the_token_opens_the_api_too() -> None:
    assert refusal(authorization=TOKEN) is None


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"]
)
def test_what_a_page_may_send_without_asking_is_refused(media_type: str) -> None:
    assert refusal(content_type=media_type) == 415


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/octet-stream"]
)
def test_json_is_let_in_by_any_of_its_names(media_type: str) -> None:
    assert refusal(content_type=media_type) is None


def test_no_token_is_used_twice() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 40


COOKIE = GUARD.cookie.partition(";")[0]


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/executions/monday"])
def test_the_cookie_opens_the_console(path: str) -> None:
    assert refusal(path, "", cookie=f"theirs=1; {COOKIE}; more=2") is None


@pytest.mark.parametrize("path", [API, "/health", "/openapi.json", "/consoles", "/console%2F"])
def test_the_cookie_opens_nothing_else(path: str) -> None:
    assert refusal(path, "", cookie=COOKIE) == 403


@pytest.mark.parametrize("cookie", ["", COOKIE[:-1], f"{COOKIE}0", COOKIE.replace("=", "2="), "durable-console-3000=ü"])
def test_another_cookie_opens_nothing(cookie: str) -> None:
    assert refusal("/console/", "", cookie=cookie) == 403


@pytest.mark.parametrize("path", ["/", "/console/enter", "/console/assets/console.css"])
def test_the_way_in_is_open_to_this_machine_alone(path: str) -> None:
    assert refusal(path, "") is None
    assert refusal(path, "", host="evil.example:3000") == 421
    assert refusal(path, "", origin="http://evil.example") == 403


def test_a_browser_that_was_let_in_still_cannot_be_used_by_other_pages() -> None:
    assert refusal("/console/", "", cookie=COOKIE, origin="http://127.0.0.1:8000") == 403
    assert refusal("/console/", "", cookie=COOKIE, host="evil.example:3000") == 421


ACTION = "/console/actions/start"
ACTS = {
    "origin": "http://127.0.0.1:3000",
    "cookie": COOKIE,
    "x_durable_permit": GUARD.permit,
    "content_type": "application/json",
}


def test_a_page_that_was_let_in_acts_with_its_permit() -> None:
    assert refusal(ACTION, "", **ACTS) is None
    assert refusal(ACTION, "", **ACTS | {"host": "localhost:3000", "origin": "http://localhost:3000"}) is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"x_durable_permit": ""}, 403),
        ({"x_durable_permit": "ü"}, 403),
        ({"x_durable_permit": GUARD.permit[:-1]}, 403),
        ({"x_durable_permit": GUARD.key}, 403),
        ({"x_durable_permit": COOKIE.partition("=")[2]}, 403),
        ({"x_durable_permit": Guard(3000, "before").permit}, 403),
        ({"cookie": ""}, 403),
        ({"cookie": f"durable-console-3000={GUARD.permit}"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"host": "evil.example:3000"}, 421),
        ({"content_type": ""}, 415),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": "multipart/form-data; boundary=x"}, 415),
        ({"content_type": "application/octet-stream"}, 415),
    ],
)
def test_an_action_needs_permit_and_cookie_a_page_of_this_very_host_and_json(
    changed: dict[str, str], status: int
) -> None:
    assert refusal(ACTION, "", **ACTS | changed) == status


@pytest.mark.parametrize("missing", ACTS)
def test_an_action_needs_each_of_them(missing: str) -> None:
    left = {name: value for name, value in ACTS.items() if name != missing}

    assert refusal(ACTION, "", **left) in {403, 415}


@pytest.mark.parametrize("authorization", [TOKEN, SIGNATURE])
def test_neither_token_nor_signature_opens_an_action(authorization: str) -> None:
    assert refusal(ACTION, authorization, content_type="application/json") == 403
    assert refusal(ACTION, authorization, **ACTS | {"x_durable_permit": "", "cookie": ""}) == 403


@pytest.mark.parametrize("path", [API, "/health", "/openapi.json"])
def test_the_permit_opens_actions_alone(path: str) -> None:
    assert refusal(path, "", **ACTS) == 403


@pytest.mark.parametrize("permit", ["", Guard(3000, "before").permit])
def test_who_may_only_look_is_told_how_to_act(permit: str) -> None:
    headers = {name.replace("_", "-"): value for name, value in ACTS.items()}

    error = GUARD.refusal(ACTION, headers | {"host": "127.0.0.1:3000", "x-durable-permit": permit})

    assert error
    assert "open the address of the console that `durable start` has printed" in error.message


def test_key_cookie_and_permit_tell_neither_the_token_nor_each_other() -> None:
    secret = COOKIE.partition("=")[2]

    assert len({GUARD.key, secret, GUARD.permit, GUARD.token}) == 4

    assert GUARD.is_key(GUARD.key)
    assert not any(GUARD.is_key(other) for other in ("", "ü", "secret", secret, GUARD.permit, GUARD.key[:-1]))
    assert "secret" not in GUARD.key + GUARD.cookie + GUARD.permit
    assert Guard(3000, "other").key != GUARD.key


def test_the_cookie_is_for_no_script_no_other_site_and_the_console_alone() -> None:
    assert GUARD.cookie.split("; ")[1:] == ["Path=/console", "HttpOnly", "SameSite=Strict"]
