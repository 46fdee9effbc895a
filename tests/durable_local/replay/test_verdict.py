"""Whether unchanged code is compatible with every part of what it has recorded, on whichever SDK it ran."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from durable.execution import durable_execution
from durable_local.hosts.loading import Handler
from durable_local.replay.verdict import judge, judge_every_cut
from durable_local.testing import run
from tests.durable.programs import names_under
from tests.durable_local.replay.edits import CODE
from tests.durable_local.replay.orders import as_json, ended, handler_of, unexpected, waiting
from tests.durable_local.replay.recorded import NAMES, recorded, replayed
from tests.interop.sdks import OFFICIAL, OURS, Sdk


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The logs of failing steps."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def assert_compatible_at_every_cut(name: str, sdk: Sdk) -> None:
    for verdict in judge_every_cut(replayed(name), recorded(name, sdk)[-1].events):
        assert verdict.divergence is None, f"cut after event {verdict.events}"


@pytest.mark.parametrize("name", NAMES)
def test_unchanged_code_is_compatible_with_its_history_cut_at_every_event(name: str) -> None:
    assert_compatible_at_every_cut(name, OURS)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_unchanged_code_is_compatible_with_what_it_has_recorded_on_the_official_sdk(name: str) -> None:
    assert_compatible_at_every_cut(name, OFFICIAL)


@pytest.mark.slow
def test_a_program_with_every_operation_is_compatible_with_its_history_cut_at_every_event() -> None:
    assert_compatible_at_every_cut("everything", OURS)


def test_a_replay_tells_how_many_operations_were_met_and_what_comes_next() -> None:
    verdict = judge(handler_of(CODE, unexpected), waiting())

    assert verdict.is_compatible
    assert (verdict.events, verdict.met) == (len(waiting()), 18)
    assert verdict.frontier[0] == "waits for Callback approval"
    assert "waits for both > letters > post > thanks > Callback signed thanks" in verdict.frontier


def test_an_execution_that_has_ended_is_compatible_if_the_code_ends_likewise() -> None:
    verdict = judge(handler_of(CODE, unexpected), ended())

    assert verdict.divergence is None
    assert [line[:9] for line in verdict.frontier] == ["returns ["]


def test_a_summary_that_is_no_json_is_not_taken_for_the_result_of_a_child() -> None:
    """The result of `large` was too large, so a text for people stands in its place; a history does not say so."""
    verdict = judge(replayed("large_children"), recorded("large_children", OURS)[-1].events)

    assert verdict.frontier == ("returns [250000, 450000]",)


def test_a_change_in_a_child_that_has_ended_is_no_matter_even_if_its_result_has_a_serdes_of_its_own() -> None:
    recorded = as_json(run(with_text_child("a")))

    verdict = judge(with_text_child("b"), recorded)

    assert verdict.divergence is None


def with_text_child(step: str) -> Handler:
    """A function with a child whose result is plain text, which the default serdes does not read."""
    names = names_under("durable")
    config = names.ChildConfig(serdes=names.PassThroughSerDes())

    def handler(_event: object, context: Any) -> object:
        return context.run_in_child_context(lambda child: child.step(lambda _: "text", name=step), "child", config)

    return durable_execution(handler)
