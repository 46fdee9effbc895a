"""Invocations whose interleaving follows from a seed."""

from dataclasses import replace
from random import Random
from typing import Any

from durable_local.hosts.context import LambdaContext
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.invocations import Invocation
from tests.durable.execution import presented, with_empty_first_page
from tests.fakes.seeded_scheduler import StuckError
from tests.soak.service import WatchedService
from tests.soak.world import World

_IN_PAGES = 1 / 8
"""How often an invocation is handed what is recorded on a further page."""


class SeededHost:
    """Runs each invocation of a handler on a scheduler of its own, and leaves no thread behind."""

    def __init__(self, handler: Handler, service: WatchedService, world: World, chance: Random) -> None:
        self._threads = ThreadHost(warm(handler), self._present)
        self._service = service
        self._world = world
        self._chance = chance

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        """The function's answer. Raises InvocationFailedError if there is none."""
        world = self._world
        world.invocations += 1
        if world.invocations > world.most_invocations:
            raise StuckError(f"The execution goes in circles, in more than {world.most_invocations} invocations.")
        world.note(f"invocation {world.invocations} of {invocation.function}")
        try:
            answer: Any = self._threads.invoke(invocation, context)
        finally:
            world.end()
        if answer["Status"] == "PENDING" and (left := self._service.left_ready(invocation.arn)):
            world.breach(f"The invocation suspends although it was told that {left} are due")
        return answer

    def _present(self, invocation: Invocation) -> object:
        event = replace(presented(invocation, self._service), scheduler=self._world.begin())
        is_cut = invocation.next_marker is None and self._chance.random() < _IN_PAGES
        return with_empty_first_page(event) if is_cut else event
