"""A page that is sent while it is made; what is sent is taken from the page itself."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from anyio import CapacityLimiter
from jinja2 import UndefinedError

from durable_local.console.execution import execution
from durable_local.console.page import Page, Sheet, message, response
from durable_local.tokens import callback_id
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import maps

SECRET = callback_id()
LONG = 1 << 17


class Sent:
    """What a page sends."""

    def __init__(self) -> None:
        self.status = 0
        self.parts: list[bytes] = []

    def of(self, sheet: Sheet) -> "Sent":
        """All of a sheet."""
        page = Page("page", lambda _path, _query: sheet, CapacityLimiter(1))
        asyncio.run(page({"type": "http", "path_params": {}, "query_string": b""}, _nothing, self._send))
        return self

    async def _send(self, told: Any) -> None:
        self.status = told.get("status", self.status)
        if told.get("body"):
            self.parts.append(told["body"])


async def _nothing() -> Any:
    await asyncio.Event().wait()


def test_a_short_page_is_one_part() -> None:
    sheet = message("No", "There is none", 404)

    sent = Sent().of(sheet)

    assert (sent.status, sent.parts) == (404, [bytes(response(sheet).body)])


def test_the_timeline_is_sent_before_the_tree_of_operations_is_made(visit: Visit) -> None:
    visit.served.host("maps", maps)
    visit.ended("maps", 80, "monday")
    sheet, sent = execution(visit.served.runtime, {"name": "monday"}, {"all": ""}), Sent()
    sent_before: list[bytes] = []

    def nodes() -> Any:
        sent_before.extend(sent.parts)
        yield from sheet.values["nodes"]

    sent.of(replace(sheet, values={**sheet.values, "nodes": nodes()}))

    assert b'class="row"' in sent_before[0]
    assert b"<h1>monday" in sent_before[0]
    assert b"".join(sent.parts) == response(sheet).body
    assert len(sent.parts) > len(sent_before)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([SECRET] * 3_000),
        "x" * LONG + SECRET + "x" * LONG,
        "x" * LONG + f"\n{SECRET}" * 1_100,
    ],
    ids=["in many lines", "in a long line", "after a long line"],
)
def test_no_part_begins_or_ends_in_a_callback_id(text: str) -> None:
    sent = Sent().of(message("Answered", text, 200))

    assert len(sent.parts) > 1
    assert sum(part.count(b"(a callback id)") for part in sent.parts) == text.count(SECRET)
    assert not any(SECRET[at : at + 12].encode() in part for part in sent.parts for at in (0, 26, 52))


def test_a_page_that_cannot_be_made_is_not_begun() -> None:
    sent = Sent()

    with pytest.raises(UndefinedError):
        sent.of(Sheet("message.html", {}))

    assert (sent.status, sent.parts) == (0, [])
