"""How a browser gets into the console, over HTTP."""

import httpx
import pytest

from tests.durable_local.http.serving import Served


def test_who_shows_the_key_gets_a_cookie_and_is_led_on(served: Served) -> None:
    with served.http(None) as browser:
        entered = browser.get(served.server.console)

        assert (entered.status_code, entered.headers["Refresh"]) == (200, "0; url=/console/")
        assert entered.headers["Set-Cookie"].endswith("; Path=/console; HttpOnly; SameSite=Strict")
        assert "Executions" in browser.get("/console/").text


def test_the_page_behind_the_door_hands_the_permit_to_its_first_script_and_no_other_page_has_it(served: Served) -> None:
    with served.http(None) as browser:
        entered = browser.get(served.server.console).text
        permit = entered.partition('<meta name="permit" content="')[2].partition('"')[0]
        others = [browser.get(path).text for path in ("/console/", "/console/start", "/console/nowhere")]

    assert len(permit) == 64
    assert entered.index("entering.js") < min(map(entered.index, ("<link", "console.js", "<body")))
    assert not any(permit in page for page in others)


def test_the_page_behind_the_door_does_not_tell_the_key(served: Served) -> None:
    key = httpx.URL(served.server.console).params["key"]

    with served.http(None) as browser:
        entered = browser.get(served.server.console)

    assert key not in entered.text
    assert entered.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("query", ["", "?key=", "?key=wrong", "?key=%FF"])
def test_who_shows_no_key_is_told_where_it_is(served: Served, query: str) -> None:
    with served.http(None) as browser:
        refused = browser.get(f"/console/enter{query}")

    assert refused.status_code == 403
    assert "Set-Cookie" not in refused.headers
    assert "address of the console that `durable start` has printed" in refused.text


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/executions/monday", "/console/nowhere"])
def test_a_stranger_is_told_how_to_come_in_whatever_they_look_for(served: Served, path: str) -> None:
    with served.http(None) as browser:
        refused = browser.get(path)

    assert (refused.status_code, refused.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "You are not let in yet" in refused.text


def test_the_servers_address_leads_to_the_console(served: Served) -> None:
    with served.http(None) as browser:
        answer = browser.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (307, "/console/")


def test_the_token_opens_the_console_for_scripts(served: Served) -> None:
    with served.http(f"Bearer {served.server.token}") as script:
        assert script.get("/console/").status_code == 200


def test_the_cookie_opens_no_call(served: Served) -> None:
    with served.http(None) as browser:
        browser.get(served.server.console)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

        assert browser.get("/health", headers={"Cookie": cookie}).status_code == 403
        assert browser.post("/console/", headers={"Cookie": cookie}).status_code == 405
        assert browser.post("/console/actions/start", headers={"Cookie": cookie}, json={}).status_code == 403
