"""What all pages have in common, over HTTP."""

import re
from html.parser import HTMLParser

import pytest

from durable_local.tokens import callback_id
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import MARKUP, asks, fails, marked

PATHS = re.compile(r'href="(/console/[^"]*)"')


class Elements(HTMLParser):
    """All start tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def every_page(visit: Visit) -> dict[str, str]:
    """All pages that can be reached from the first one, by their addresses."""
    seen: dict[str, str] = {}
    left = ["/console/"]
    while left:
        path = left.pop()
        if path not in seen:
            answer = visit.browser.get(path)
            assert answer.status_code == 200, path
            seen[path] = answer.text
            left += [each.replace("&amp;", "&") for each in PATHS.findall(answer.text) if "/assets/" not in each]
    return seen


def test_markup_in_names_inputs_results_and_errors_is_text_on_every_page(visit: Visit) -> None:
    visit.served.host("marked", marked)
    visit.served.host("fails", fails)
    visit.ended("marked", MARKUP, "marked")
    visit.ended("fails", MARKUP, "failed")

    pages = every_page(visit)

    assert sum("/executions/" in path for path in pages) == 4 + 3
    assert not any(tag == "img" or "onerror" in given for page in pages.values() for tag, given in Elements(page).seen)
    assert any(MARKUP in each for each in Texts(pages["/console/executions/failed"]).seen)


def test_no_page_needs_what_its_policy_forbids(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no", "failed")

    for page in every_page(visit).values():
        seen = Elements(page).seen
        assert not any(tag in {"style", "object", "iframe", "base"} for tag, _ in seen)
        assert not any("style" in given or any(name.startswith("on") for name in given) for _, given in seen)
        assert all((given.get("src") or "").startswith("/console/assets/") for tag, given in seen if tag == "script")


def test_a_callback_id_is_on_no_page_and_in_no_address(visit: Visit) -> None:
    visit.served.host("asks", asks)
    arn, secret = visit.served.start_and_ask("asks", {"told": callback_id()}, "asking")
    visit.served.runtime.callbacks.succeed(secret, f'"{secret}"')
    visit.served.dispatcher.wait(arn, 20)

    pages = every_page(visit)

    assert any("(a callback id)" in page for page in pages.values())
    assert not any(secret[:32] in path + page for path, page in pages.items())


@pytest.mark.parametrize("path", ["", "nowhere", "executions/nobody", "assets/console.css", "assets/timeline.css"])
def test_every_answer_tells_browsers_to_trust_nobody_else(visit: Visit, path: str) -> None:
    headers = visit.browser.get(f"/console/{path}").headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("nowhere", 404, "There is no such page"),
        ("executions/nobody", 404, "There is no execution nobody"),
        ("executions/nobody/events", 404, "There is no execution nobody"),
        ("executions/%3Cb%3E", 404, "There is no execution <b>"),
        ("?after=x", 400, "There is no page after 'x'"),
    ],
)
def test_what_there_is_not_is_a_page_that_says_so(visit: Visit, path: str, status: int, told: str) -> None:
    assert told in visit.text(path, status)
    assert "<b>" not in visit.page(path, status)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("console.css", "text/css; charset=utf-8"),
        ("timeline.css", "text/css; charset=utf-8"),
        ("console.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_what_pages_load_is_served_as_what_it_is(visit: Visit, name: str, kind: str) -> None:
    answer = visit.browser.get(f"/console/assets/{name}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


def test_a_time_has_its_exact_value_for_scripts_and_for_the_pointer(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no", "failed")

    (started, *_) = [given for tag, given in Elements(visit.page()).seen if tag == "time"]

    assert started["datetime"]
    assert started["title"] == started["datetime"].replace("T", " ").replace("+00:00", " UTC")


class Texts(HTMLParser):
    """All texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.seen.append(data)
