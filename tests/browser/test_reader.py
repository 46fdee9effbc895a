"""The reader of these tests itself: it notes what must not happen."""

import pytest

from tests.browser.conftest import Enter
from tests.browser.look import Look
from tests.browser.reader import Reader

pytestmark = pytest.mark.slow


def test_the_printed_address_leads_to_the_list(any_reader: Reader) -> None:
    assert any_reader.page.url == f"{any_reader.served.server.url}/console/"
    assert any_reader.page.get_by_role("heading", level=1).inner_text() == "Executions"


def test_without_scripts_the_printed_address_leads_there_too(enter: Enter) -> None:
    assert enter(Look(scripts=False)).page.get_by_role("heading", level=1).inner_text() == "Executions"


@pytest.mark.parametrize(
    ("script", "event", "trouble"),
    [
        ("console.error('it is on fire')", "console", "it is on fire"),
        ("setTimeout(() => { throw new Error('it failed') })", "weberror", "it failed"),
        ("setTimeout(() => alert('who is there?'))", "dialog", "a dialog: who is there?"),
        ("document.body.append(document.createElement('style'))", "console", "inline style violates"),
        ("document.body.setAttribute('onclick', '1'); document.body.click()", "console", "event handler violates"),
        ("new Image().src = 'http://127.0.0.1:9/'", "console", "violates"),
        ("fetch('/console/nowhere')", "console", "status of 404"),
        ("location = 'http://example.invalid/'", "requestfailed", "a request to http://example.invalid/"),
    ],
)
def test_a_trouble_is_noted_unless_it_is_foreseen(reader: Reader, script: str, event: str, trouble: str) -> None:
    with reader.page.context.expect_event(event):
        reader.page.evaluate(f"() => {{ {script} }}")

    assert trouble in reader.troubles[0]
    reader.foreseen.append("")
    assert reader.troubles == []
