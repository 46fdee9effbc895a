"""What lets a browser act, and what does not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.durable_local.console.functions import asks
from tests.fakes.http_server import Answer, Server, serving

pytestmark = pytest.mark.slow

KEPT = "localStorage.getItem('durable-permit')"
PAGE = '<!doctype html><title>A page</title><link rel="icon" href="data:,">'
"""It brings its icon, or the browser would still ask for one when the server is gone."""
REFUSED = "open the address of the console that `durable start` has printed"


@pytest.fixture
def asking(reader: Reader) -> Reader:
    """Somebody who was let in, while an execution named monday runs."""
    reader.served.host("asks", asks)
    reader.served.start_and_ask("asks", {}, "monday")
    return reader


@pytest.fixture
def neighbour() -> Iterator[Server]:
    """Another server of this machine, whose port gets the cookies of ours."""
    with serving() as server:
        server.answer("*", Answer(PAGE, headers={"Content-Type": "text/html"}))
        yield server


def is_running(reader: Reader) -> bool:
    return reader.served.runtime.executions.get("monday").ended is None


def stop(reader: Reader) -> None:
    reader.open("executions/monday")
    reader.page.get_by_role("button", name="Stop").click()
    reader.page.get_by_role("dialog").get_by_role("button", name="Stop").click()


def test_the_key_leaves_the_address_before_anything_is_loaded_and_stands_in_no_history(asking: Reader) -> None:
    key = asking.served.server.console.partition("key=")[2]
    seen: list[str] = []
    asking.page.on("request", lambda request: seen.append(f"{request.url} {request.headers}"))

    asking.enter()

    history = asking.page.context.new_cdp_session(asking.page).send("Page.getNavigationHistory")["entries"]
    assert [each for each in seen if key in each] == [each for each in seen if "/console/enter" in each] != []
    assert not any(key in each["url"] for each in history)
    assert len(asking.page.evaluate(KEPT)) == 64
    assert asking.page.evaluate(KEPT) not in asking.page.content()


@pytest.mark.parametrize("spoil", ["localStorage.clear()", "localStorage.setItem('durable-permit', '0'.repeat(64))"])
def test_without_its_permit_a_browser_that_may_look_is_told_how_to_act(asking: Reader, spoil: str) -> None:
    asking.foreseen.append("status of 403")
    asking.page.evaluate(spoil)

    stop(asking)

    expect(asking.page.get_by_role("dialog").get_by_role("alert")).to_contain_text(REFUSED)
    assert is_running(asking)


def test_after_the_printed_address_was_opened_again_it_may_act(asking: Reader) -> None:
    asking.page.evaluate("localStorage.clear()")
    asking.enter()

    stop(asking)

    expect(asking.page.locator("#said")).to_have_text("Execution monday is stopped.")


SENDINGS = {
    "as scripts of the console do": "fetch(at, {method: 'POST', credentials: 'include', body: '{}',"
    " headers: {'Content-Type': 'application/json', 'X-Durable-Permit': 'x'}})",
    "without asking first": "fetch(at, {method: 'POST', credentials: 'include', body: new Blob(['{}']),"
    " mode: 'no-cors'})",
    "as a beacon": "Promise.resolve(navigator.sendBeacon(at, new Blob(['{}'])))",
}


@pytest.mark.parametrize("how", SENDINGS)
def test_a_page_of_another_port_cannot_act_although_the_browser_sends_it_our_cookie(
    asking: Reader, neighbour: Server, how: str
) -> None:
    asking.foreseen += [
        "CORS policy",
        "net::ERR_FAILED",
        "net::ERR_BLOCKED_BY_RESPONSE",
        "status of 403",
        "status of 415",
    ]
    address = f"{asking.served.server.url}/console/actions/executions/monday/stop"
    page = asking.page
    page.goto(neighbour.address())

    with page.expect_event("requestfinished" if how == "as a beacon" else "framenavigated"):
        page.evaluate(f"(at) => {{ {SENDINGS[how]}.catch(() => 0).then(() => {{ location.hash = 'sent' }}) }}", address)

    assert is_running(asking)
    assert page.evaluate(KEPT) is None


def test_a_form_of_another_port_cannot_act_either(asking: Reader, neighbour: Server) -> None:
    asking.foreseen.append("status of 403")
    page = asking.page
    page.goto(neighbour.address())
    action = f"{asking.served.server.url}/console/actions/executions/monday/stop"

    with page.expect_navigation():
        page.evaluate(
            """(action) => {
              const form = document.createElement('form');
              Object.assign(form, { method: 'post', action, enctype: 'text/plain' });
              document.body.append(form);
              form.submit();
            }""",
            action,
        )

    expect(page.locator("body")).to_contain_text("Pages of other origins must not use this server")
    assert is_running(asking)
