"""Our core and AWS's SDK on the same programs: equal updates, equal operations, equal ends."""

import pytest

from tests.durable.programs import PROGRAMS
from tests.interop.operations import OPERATIONS
from tests.interop.runs import undisturbed
from tests.interop.sdks import OFFICIAL, OURS

NAMES = [*PROGRAMS, *OPERATIONS]


@pytest.mark.parametrize("name", NAMES)
def test_both_end_a_program_equally(name: str) -> None:
    ours, theirs = undisturbed(name, OURS), undisturbed(name, OFFICIAL)

    assert ours.end == theirs.end
    assert ours.effects.done == theirs.effects.done
    assert ours.execution.invocations == theirs.execution.invocations


@pytest.mark.parametrize("name", NAMES)
def test_both_send_the_same_updates_in_the_same_order_within_each_context(name: str) -> None:
    ours, theirs = undisturbed(name, OURS), undisturbed(name, OFFICIAL)

    assert ours.by_context() == theirs.by_context()
    assert ours.operations == theirs.operations


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_can_end_well_in_a_program(name: str) -> None:
    """The programs tell of failures in their results, so an end in failure is a mistake in the program."""
    assert undisturbed(name, OURS).execution.status == "SUCCEEDED"
    assert not undisturbed(name, OURS).effects.again
