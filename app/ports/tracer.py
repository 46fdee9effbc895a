"""Where time went."""

from collections.abc import Callable, Mapping
from typing import Protocol


class Tracer(Protocol):
    """Draws segments into the trace of the invocation; many threads may do so at the same time."""

    def begin(self, name: str, about: Mapping[str, str]) -> Callable[[str | None], None]:
        """Begin a segment on this thread; what is returned ends it there, with the kind of the error if there was one.

        What a segment is about may be searched for, so it holds no payload.
        """
        ...
