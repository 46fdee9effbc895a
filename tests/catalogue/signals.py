"""Ways for branches of a test to wait for each other, though not for ever."""

import threading

from tests.durable.recording import PATIENCE


class Signal:
    """Lets one branch wait until another is there."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def give(self, _context: object = None) -> str:
        """Let everybody go on who waits for it."""
        self._event.set()
        return "given"

    def await_it(self, _context: object = None) -> str:
        """Wait until it is given."""
        assert self._event.wait(PATIENCE)
        return "come"
