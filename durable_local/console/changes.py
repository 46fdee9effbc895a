"""That something has changed, told to the pages that wait for it; what has changed they see when they are renewed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from durable.model import Operation, OperationType
from durable_local.journal import Journals

PAUSE_SECONDS = 1.0
"""Between two messages to one page: an execution may change a thousand times a second."""
_CHANGED = b"data: changed\n\n"


@dataclass(eq=False)
class _Follower:
    """One page, which waits in the server's loop."""

    arn: str | None
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, *events: asyncio.Event) -> None:
        """Set events from any thread."""
        with suppress(RuntimeError):  # the loop has ended, and the page with it
            for each in events:
                self.loop.call_soon_threadsafe(each.set)


class Changes:
    """Follows executions for pages, until it is closed."""

    def __init__(self, journals: Journals, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._pause_seconds = pause_seconds
        self._followers: set[_Follower] = set()
        self._is_closed = False
        journals.observers.append(self._observe)

    async def messages(self, arn: str | None) -> AsyncIterator[bytes]:
        """Server-sent events: one at once, and one after changes of an execution, or after any that begins or ends."""
        follower = _Follower(arn)
        self._followers.add(follower)
        try:
            while not (self._is_closed or follower.closed.is_set()):
                follower.changed.clear()
                yield _CHANGED
                with suppress(TimeoutError):
                    await asyncio.wait_for(follower.closed.wait(), self._pause_seconds)
                await follower.changed.wait()
        finally:
            self._followers.discard(follower)

    def close(self) -> None:
        """Let all pages go; from any thread."""
        self._is_closed = True
        for each in tuple(self._followers):
            each.wake(each.closed, each.changed)

    def _observe(self, arn: str, changed: list[Operation]) -> None:
        if not self._followers:
            return
        turns = any(each.operation_type is OperationType.EXECUTION for each in changed)
        for each in tuple(self._followers):
            if each.arn == arn or (turns and each.arn is None):
                each.wake(each.changed)
