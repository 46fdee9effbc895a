"""Whether `assert_replay_safe` tells safe functions from those that are not."""

import random
import sys
from functools import partial
from pathlib import Path
from typing import Any

import aws_durable_execution_sdk_python as official
import pytest

from durable import DurableContext, durable_execution
from durable.config import Duration
from durable_local.testing import ReplaySafety, ReplaySafetyError, assert_replay_safe, lambda_client
from tests.mistakes import outside

SECOND = Duration.from_seconds(1)


KEEPING = """
from durable import durable_execution
from durable.config import Duration

kept = {}

@durable_execution
def handler(event, context):
    context.step(lambda _: kept.update(name="Ada"), name="fetch")
    context.wait(Duration.from_seconds(1), name="pause")
    return kept["name"]
"""

WRITING = """
from durable import durable_execution
from tests.mistakes.outside import do

kept = {}

@durable_execution
def handler(event, context):
    context.step(lambda _: kept.update(name="Ada"), name="fetch")
    context.step(lambda _: do(kept.get("name", "nobody")) and None, name="write")
"""

OFFICIAL = """
from aws_durable_execution_sdk_python import durable_execution
from durable_local.testing import lambda_client

def begin(event, context):
    return context.step(lambda _: "charged", name="charge")

handler = durable_execution(begin, boto3_client=lambda_client)
"""


class Ledger:
    """Writes down what is done outside."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self, what: str) -> str:
        self.done.append(what)
        return what


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_a_safe_function_passes_at_every_crash_point(ledger: Ledger) -> None:
    @durable_execution
    def ordering(event: Any, context: DurableContext) -> Any:
        order = context.step(lambda _: f"{ledger('ordered')}-{random.random()}", name="order")  # noqa: S311
        context.wait(SECOND, name="pause")
        shipped = context.map([1, 2], lambda child, item, *_: child.step(lambda _: ledger(f"ship-{item}"), name="ship"))
        return [order, shipped.get_results()]

    safety = assert_replay_safe(ordering, effects=lambda: ledger.done)

    assert safety.tried == safety.points >= 8


def test_what_a_step_assigns_is_told_with_the_wait_after_which_it_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keeping.py").write_text(KEEPING)
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ReplaySafetyError) as told:
        assert_replay_safe("keeping.handler")

    assert str(told.value).startswith(
        "Not replay-safe: the handler's modules were imported anew for each invocation. Resumed, the execution ended "
        "as FAILED with KeyError: 'name', after START of Wait 'pause'; undisturbed, it ends as SUCCEEDED with \"Ada\"."
    )
    assert "keeping" not in sys.modules


def test_what_a_crash_loses_is_told_with_the_step_after_which_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hurrying.py").write_text(
        KEEPING.replace('    context.wait(Duration.from_seconds(1), name="pause")\n', "")
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ReplaySafetyError) as told:
        assert_replay_safe("hurrying.handler")

    assert str(told.value).startswith("Not replay-safe: an invocation died after this was recorded: ")
    assert "SUCCEED of Step 'fetch'. Resumed, the execution ended as FAILED with KeyError: 'name'" in str(told.value)


def test_side_effects_that_a_crash_changes_are_told_missing_and_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "writing.py").write_text(WRITING)
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ReplaySafetyError, match="effects were missing: 'Ada'; and these were new: 'nobody'"):
        assert_replay_safe("writing.handler", effects=lambda: outside.done)


def test_a_value_of_chance_outside_of_steps_is_found() -> None:
    @durable_execution
    def handler(event: Any, context: DurableContext) -> Any:
        return [context.step(lambda _: 1, name="one"), random.random()]  # noqa: S311

    with pytest.raises(ReplaySafetyError, match="the clock, random numbers, ids"):
        assert_replay_safe(handler)


def test_an_effect_outside_of_steps_is_named(ledger: Ledger) -> None:
    @durable_execution
    def handler(event: Any, context: DurableContext) -> Any:
        ledger("mailed")
        return context.step(lambda _: ledger("charged"), name="charge")

    with pytest.raises(ReplaySafetyError, match=r"did this again: 'mailed'\.\nCode outside of steps"):
        assert_replay_safe(handler, effects=lambda: ledger.done)


def test_fewer_crash_points_are_tried_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    @durable_execution
    def handler(event: Any, context: DurableContext) -> Any:
        return [context.step(lambda _: 1, name="one") for _ in range(4)]

    safety = assert_replay_safe(handler, most=3)

    assert safety == ReplaySafety(3, safety.points)
    assert f"trying 3 of {safety.points} crash points" in capsys.readouterr().err


def test_a_function_that_waits_for_callbacks_and_invokes_needs_both_given() -> None:
    @durable_execution
    def handler(event: Any, context: DurableContext) -> Any:
        approved = context.wait_for_callback(lambda _id, _context: None, name="approval")
        return [approved, context.invoke("double", 2, name="double")]

    with pytest.raises(ReplaySafetyError, match=r"waits for 'approval.*' and goes no further"):
        assert_replay_safe(handler)

    assert assert_replay_safe(handler, callbacks={"approval": 7}, functions={"double": lambda n, _: 2 * n}).tried > 4


def test_a_handler_of_the_official_sdk_is_tried_as_well(ledger: Ledger) -> None:
    @partial(official.durable_execution, boto3_client=lambda_client)
    def safe(event: Any, context: Any) -> Any:
        return context.step(lambda _: ledger("charged"), name="charge")

    @partial(official.durable_execution, boto3_client=lambda_client)
    def unsafe(event: Any, context: Any) -> Any:
        ledger("mailed")
        return context.step(lambda _: ledger("charged"), name="charge")

    assert assert_replay_safe(safe, effects=lambda: ledger.done).tried > 1
    with pytest.raises(ReplaySafetyError, match="did this again: 'mailed'"):
        assert_replay_safe(unsafe, effects=lambda: ledger.done)


def test_why_a_second_interpreter_replays_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "theirs.py").write_text(OFFICIAL)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert assert_replay_safe("theirs.handler").tried > 1

    assert "not replayed in a second interpreter: " in capsys.readouterr().err
