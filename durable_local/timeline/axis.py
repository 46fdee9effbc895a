"""Where moments stand on a line, and the round ones that are marked there; no output."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
_ROUND = (
    *(1, 2, 5, 10, 20, 50, 100, 200, 500),
    *(count * _SECOND for count in (1, 2, 5, 10, 15, 30)),
    *(count * _MINUTE for count in (1, 2, 5, 10, 15, 30)),
    *(count * _HOUR for count in (1, 2, 3, 6, 12)),
    *(count * _DAY for count in (1, 2, 5, 10, 20, 50, 100)),
)
"""Steps between marks, in milliseconds; no execution lasts longer than a year and a day."""
_UNITS = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"))
_MOST_MARKS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time on a stretch of a line."""

    began: datetime
    ended: datetime
    left: float
    width: float

    def position(self, moment: datetime) -> float:
        """Where a moment stands, rounded so that files stay short; what lies outside stands at the end."""
        return round(self.left + self.share(moment) * self.width, 1)

    def share(self, moment: datetime) -> float:
        """How much of the stretch has passed then."""
        return min(max((moment - self.began).total_seconds() / self._seconds, 0.0), 1.0)

    def marks(self) -> Iterator[tuple[float, str]]:
        """The positions of round times since the beginning, and what to call them."""
        whole = self._seconds * _SECOND
        step = next((each for each in _ROUND if whole / each <= _MOST_MARKS), _ROUND[-1])
        for offset in range(0, int(whole) + 1, step):
            yield round(self.left + offset / whole * self.width, 1), _words(offset)

    @property
    def _seconds(self) -> float:
        return max((self.ended - self.began).total_seconds(), 1e-3)


def _words(milliseconds: int) -> str:
    if milliseconds < _SECOND:
        return f"{milliseconds} ms" if milliseconds else "0"
    words = []
    for size, unit in _UNITS:
        if milliseconds >= size:
            words.append(f"{milliseconds // size} {unit}")
            milliseconds %= size
    if milliseconds:
        words.append(f"{milliseconds / _SECOND:g} s")
    return " ".join(words[:2])
