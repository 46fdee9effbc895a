"""Each SDK goes on where the other stopped: wherever an invocation dies, nobody sees a difference in the end."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.durable.programs import PROGRAMS
from tests.interop.cut import Cut
from tests.interop.operations import OPERATIONS
from tests.interop.runs import Run, run, side_by_side, undisturbed
from tests.interop.sdks import OFFICIAL, OURS

NAMES = [*PROGRAMS, *OPERATIONS]
BOTH_WAYS = [(OURS, OFFICIAL), (OFFICIAL, OURS)]


def cut_at_every(name: str, *, after: bool, step: int = 1) -> list[Callable[[], Run]]:
    """Runs in which an invocation dies at the first, the second, ... checkpoint, and the other SDK goes on."""
    return [
        partial(run, name, first, then, cut=Cut(at, after))
        for first, then in BOTH_WAYS
        for at in range(1, undisturbed(name, first).checkpoints + 1, step)
    ]


def assert_as_if_undisturbed(handed_over: Run, expected: Run) -> None:
    assert handed_over.end == expected.end, handed_over.how
    assert handed_over.operations == expected.operations, handed_over.how
    assert handed_over.effects.kinds == expected.effects.kinds, handed_over.how
    assert handed_over.effects.again == [], handed_over.how
    assert handed_over.effects.invoked == expected.effects.invoked, handed_over.how


@pytest.mark.parametrize("name", NAMES)
def test_they_may_take_turns_with_every_invocation(name: str) -> None:
    taking_turns = side_by_side([partial(run, name, *sdks) for sdks in BOTH_WAYS])

    for each in taking_turns:
        assert_as_if_undisturbed(each, undisturbed(name, OFFICIAL))
        assert each.execution.invocations == undisturbed(name, OFFICIAL).execution.invocations


@pytest.mark.parametrize("name", NAMES)
def test_each_ends_what_the_other_has_begun_when_an_invocation_dies_before_a_checkpoint(name: str) -> None:
    handed_over = side_by_side(cut_at_every(name, after=False))

    for each in handed_over:
        assert_as_if_undisturbed(each, undisturbed(name, OFFICIAL))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_ends_what_the_other_has_begun_when_an_invocation_dies_after_a_checkpoint(name: str) -> None:
    handed_over = side_by_side(cut_at_every(name, after=True))

    for each in handed_over:
        assert_as_if_undisturbed(each, undisturbed(name, OFFICIAL))


@pytest.mark.slow
def test_they_may_take_turns_in_one_program_that_does_everything() -> None:
    taking_turns = side_by_side([partial(run, "everything", *sdks) for sdks in BOTH_WAYS])

    for each in taking_turns:
        assert_as_if_undisturbed(each, undisturbed("everything", OURS))


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
def test_one_program_that_does_everything_may_be_handed_over_at_every_seventh_checkpoint(*, after: bool) -> None:
    handed_over = side_by_side(cut_at_every("everything", after=after, step=7))

    for each in handed_over:
        assert_as_if_undisturbed(each, undisturbed("everything", OURS))
