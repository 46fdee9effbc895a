"""Takes pictures of a console: `python -m tests.browser.screenshots FOLDER ADDRESS`, as `durable start` prints it.

Narrow and wide, light and dark: the list, the form that starts an execution, and of each one on the list its page, its
history, what has failed in it and what it waits for.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.chromium import launched, profile
from tests.browser.look import LOOKS, Look

_TELLING = ".operation:has(.bad) > a:first-of-type, .operation:has-text('Callback') > a:first-of-type"


def main() -> None:
    """Look at each page in each way."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("address", help="the console's, with its key")
    arguments = parser.parse_args()
    with sync_playwright() as playwright, launched(playwright) as browser:
        for look in LOOKS:
            with profile(browser, look) as context:
                _take(context.new_page(), arguments.address, arguments.folder, look)


def _take(page: Page, entrance: str, folder: Path, look: Look) -> None:
    page.goto(entrance)
    page.get_by_role("heading", name="Executions", exact=True).wait_for()
    for address in list(_addresses(page)):
        page.goto(address)
        page.screenshot(path=folder / f"{_name(address)}.{look}.png", full_page=True)


def _addresses(page: Page) -> Iterator[str]:
    console = page.url
    yield from (console, f"{console}?name=nobody", f"{console}start")
    for execution in _leads(page.locator("tbody th a")):
        yield from (execution, f"{execution}/events")
        page.goto(execution)
        yield from _leads(page.locator(_TELLING))


def _leads(links: Locator) -> list[str]:
    found: list[str] = links.evaluate_all("links => links.map((each) => each.href)")
    return found


def _name(address: str) -> str:
    return re.sub(r"\W+", "-", address.partition("/console/")[2]).strip("-")[:60] or "list"


if __name__ == "__main__":
    main()
