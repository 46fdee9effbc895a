from datetime import timedelta

import pytest

from durable_local.timeline.axis import Axis
from tests.fakes.clock import START


def axis(seconds: float) -> Axis:
    return Axis(START, START + timedelta(seconds=seconds), 100, 600)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, ["0", "1 ms"]),
        (0.9, ["0", "200 ms", "400 ms", "600 ms", "800 ms"]),
        (9, ["0", "2 s", "4 s", "6 s", "8 s"]),
        (150, ["0", "30 s", "1 min", "1 min 30 s", "2 min", "2 min 30 s"]),
        (3 * 3_600, ["0", "30 min", "1 h", "1 h 30 min", "2 h", "2 h 30 min", "3 h"]),
        (366 * 86_400, ["0", "100 d", "200 d", "300 d"]),
    ],
)
def test_the_marks_stand_at_round_times(seconds: float, words: list[str]) -> None:
    assert [words for _, words in axis(seconds).marks()] == words


def test_a_moment_stands_in_proportion_and_never_outside() -> None:
    positions = [axis(60).position(START + timedelta(seconds=seconds)) for seconds in (-1, 0, 15, 60, 61)]

    assert positions == [100, 100, 250, 700, 700]


def test_marks_stand_where_their_moments_do() -> None:
    drawn = axis(90)

    assert [position for position, _ in drawn.marks()][:3] == [
        drawn.position(START + timedelta(seconds=seconds)) for seconds in (0, 15, 30)
    ]
