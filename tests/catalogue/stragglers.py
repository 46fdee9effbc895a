"""A quorum of one that ends while another branch is still at work."""

from collections.abc import Callable
from typing import Any

from durable.completion import CompletionConfig
from durable.config import ParallelConfig
from tests.catalogue.signals import Signal

QUORUM = ParallelConfig(completion_config=CompletionConfig.first_successful())


class Straggler:
    """A branch that goes on when its batch has ended without it, and what it is told then."""

    def __init__(self, straggle: Callable[[Any], object]) -> None:
        self.batch_ended = Signal()
        self.told: list[type[BaseException]] = []
        self._straggle = straggle
        self._at_work = Signal()

    def program(self, _event: object, context: Any) -> object:
        """A parallel of a quick branch and this one: why it ended, and how both stood then."""
        batch = context.parallel([self._at_work.await_it, self._branch], name="p", config=QUORUM)
        self.batch_ended.give()
        return [batch.completion_reason, [item.status for item in batch.all]]

    def _branch(self, inner: Any) -> object:
        self._at_work.give()
        try:
            return self._straggle(inner)
        except BaseException as error:
            self.told.append(type(error))
            raise


ENDED_WITHOUT_IT = ["MIN_SUCCESSFUL_REACHED", ["SUCCEEDED", "STARTED"]]
