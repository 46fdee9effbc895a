"""Edits of code under an execution that waits: what replay says of them, and what becomes of the execution."""

import pytest

from durable_local.replay.verdict import judge, judge_every_cut
from tests.durable_local.replay.edits import CODE, HARMLESS, REFUSED, TROUBLED, Code
from tests.durable_local.replay.orders import Order, ended, handler_of, unexpected, waiting

DIVERGING = REFUSED | TROUBLED


def edited(code: Code) -> Order:
    """An order that came to wait for all of its answers before its code was edited, and then ended."""
    order = Order()
    order.go_on()
    order.code = code
    order.end()
    return order


def undisturbed(code: Code) -> Order:
    """An order whose code was the same all along."""
    order = Order(code)
    order.end()
    return order


@pytest.mark.parametrize("edit", DIVERGING)
def test_an_edit_that_breaks_the_execution_is_told_with_the_operation_and_both_codes(edit: str) -> None:
    code, path, current = DIVERGING[edit]

    divergence = judge(handler_of(code, unexpected), waiting()).divergence

    assert divergence
    assert divergence.path == path
    assert divergence.recorded.partition(",")[0].endswith(path[-1])
    assert current in divergence.current


@pytest.mark.parametrize("edit", REFUSED)
def test_what_breaks_the_record_would_have_failed(edit: str) -> None:
    assert edited(REFUSED[edit][0]).end().status == "FAILED"


@pytest.mark.parametrize("edit", TROUBLED)
def test_an_error_that_is_new_would_have_changed_the_end(edit: str) -> None:
    assert edited(TROUBLED[edit][0]).end().result != undisturbed(CODE).end().result


@pytest.mark.parametrize("edit", HARMLESS)
def test_an_edit_beyond_the_record_is_compatible(edit: str) -> None:
    verdict = judge(handler_of(HARMLESS[edit], unexpected), waiting())

    assert verdict.divergence is None


@pytest.mark.parametrize("edit", HARMLESS)
def test_what_is_compatible_ends_as_if_it_had_always_been_so(edit: str) -> None:
    changed, always = edited(HARMLESS[edit]), undisturbed(HARMLESS[edit])

    assert (changed.end().status, changed.end().result) == (always.end().status, always.end().result)
    assert changed.done == always.done


@pytest.mark.parametrize("edit", DIVERGING)
def test_an_edit_that_breaks_the_execution_is_found_in_the_cuts_of_one_that_has_ended(edit: str) -> None:
    verdicts = judge_every_cut(handler_of(DIVERGING[edit][0], unexpected), ended())

    assert not all(verdict.is_compatible for verdict in verdicts)
