"""A tracer that a test can read."""

import threading
from collections.abc import Callable, Mapping

from app.ports.tracer import Tracer


class DrawnSegments(Tracer):
    """Keeps each segment when it has ended: name, attempt, kind of the error, and whether one thread has drawn it."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str, str | None]] = []
        self.strayed: list[str] = []

    def begin(self, name: str, about: Mapping[str, str]) -> Callable[[str | None], None]:
        began = threading.get_ident()

        def end(error: str | None) -> None:
            self.ended.append((name, about["attempt"], error))
            if threading.get_ident() != began:
                self.strayed.append(name)

        return end
