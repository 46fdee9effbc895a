"""Who hears of which changes; messages are taken from the streams themselves."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from durable.model import Operation, OperationStatus, OperationType
from durable_local.clock import SkippingClock
from durable_local.console.changes import Changes
from durable_local.journal import Journals
from durable_local.store.database import IN_MEMORY, Database

BEGUN = Operation("e", OperationType.EXECUTION, OperationStatus.STARTED)
STEP = Operation("s", OperationType.STEP, OperationStatus.STARTED)
MOMENT = 0.05
"""Longer than it takes to hear of something."""


class Story:
    """Changes of executions, and the pages that follow them."""

    def __init__(self, pause_seconds: float = 0) -> None:
        self.journals = Journals(Database(IN_MEMORY), SkippingClock())
        self.changes = Changes(self.journals, pause_seconds)

    def change(self, arn: str, *operations: Operation) -> None:
        for observe in self.journals.observers:
            observe(arn, list(operations))

    async def follow(self, arn: str | None) -> AsyncIterator[bytes]:
        """A stream whose first message has come."""
        stream = self.changes.messages(arn)
        await anext(stream)
        return stream


def heard(stream: AsyncIterator[bytes]) -> Coroutine[Any, Any, bytes]:
    return asyncio.wait_for(anext(stream), 5)


async def is_silent(stream: AsyncIterator[bytes]) -> bool:
    waiting = asyncio.ensure_future(anext(stream))
    done, _ = await asyncio.wait([waiting], timeout=MOMENT)
    waiting.cancel()
    return not done


def test_a_page_hears_of_its_own_execution_alone() -> None:
    async def scene() -> None:
        story = Story()
        stream = await story.follow("a")
        story.change("b", BEGUN, STEP)
        assert await is_silent(stream)

        stream = await story.follow("a")
        story.change("a", STEP)
        assert await heard(stream)

    asyncio.run(scene())


def test_the_list_hears_of_beginnings_and_ends_alone() -> None:
    async def scene() -> None:
        story = Story()
        stream = await story.follow(None)
        story.change("a", STEP)
        assert await is_silent(stream)

        stream = await story.follow(None)
        story.change("b", STEP, BEGUN)
        assert await heard(stream)

    asyncio.run(scene())


def test_many_changes_are_one_message_and_none_is_lost() -> None:
    async def scene() -> None:
        story = Story()
        stream = await story.follow("a")
        for _ in range(1_000):
            story.change("a", STEP)

        assert await heard(stream)
        assert await is_silent(stream)

    asyncio.run(scene())


def test_a_page_is_left_alone_for_a_while_after_each_message() -> None:
    async def scene() -> None:
        story = Story(pause_seconds=3_600)
        stream = await story.follow("a")
        story.change("a", STEP)

        assert await is_silent(stream)

    asyncio.run(scene())


def test_who_comes_when_it_is_closed_hears_nothing() -> None:
    async def scene() -> None:
        story = Story()
        story.changes.close()

        assert [message async for message in story.changes.messages("a")] == []

    asyncio.run(scene())


def test_a_page_that_has_gone_is_forgotten() -> None:
    async def scene() -> None:
        story = Story()
        stream = await story.follow("a")
        await stream.aclose()  # type: ignore[attr-defined]

        assert not story.changes._followers

    asyncio.run(scene())
