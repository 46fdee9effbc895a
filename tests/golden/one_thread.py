"""A scheduler whose executions record their operations in the same order each time."""

from collections.abc import Callable

from durable.scheduler import ThreadScheduler


class OneThread(ThreadScheduler):
    """Has no further threads to give, so branches run one after the other."""

    def start(self, task: Callable[[], None]) -> bool:
        """Nothing can run beside the caller."""
        return False
