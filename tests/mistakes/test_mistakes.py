"""Each mistake goes wrong under `assert_replay_safe`, with a message that says what to do; its correction passes."""

from pathlib import Path

import pytest

from durable_local.testing import ReplaySafetyError, assert_replay_safe
from tests.mistakes import outside

PROGRAMS = Path(__file__).parent / "programs"
USE_THE_STEPS = (
    "Use the values that steps return; keep nothing in attributes, globals or variables that a step assigns."
)
TAKE_IT_IN_A_STEP = "the clock, random numbers, ids, .* Take it in a step, and use what the step returns."
MOVE_IT = "Code outside of steps runs again with every invocation. Move it into a step."
WAITING = "invoked once more while it waits for Wait 'an-hour'"
FINISHED = "invoked once more over its finished history"
ENDED_OTHERWISE = (
    f"without a step, the handler ended as SUCCEEDED with .*; the execution stood .*\n.*{TAKE_IT_IN_A_STEP}"
)

MISTAKES = {
    "attribute": f"ended as FAILED with TypeError: .*, after START of Wait 'a-day'; undisturbed, .*\n.*{USE_THE_STEPS}",
    "singleton": f"FAILED with .*'str' object.* 'ingest.*'; undisturbed, it ends as SUCCEEDED.*\n.*{USE_THE_STEPS}",
    "cleanup": f"{WAITING}, the handler did this again: 'unlock'.\n{MOVE_IT} A `finally:`",
    "chance": f"{FINISHED} up to Step 'book', {ENDED_OTHERWISE}",
    "clock": f"{FINISHED} up to Step 'send', {ENDED_OTHERWISE}",
    "mail": f"{FINISHED} up to Step 'charge', without a step, the handler did this again: 'mail'.\n{MOVE_IT}",
    "disguise": "SUCCEEDED, and its result says {.success.: false}. .* Raise an error, and the execution is FAILED.",
    "order": r"At write-to-\w+, recorded is Step write-to-\w+, SUCCEEDED, .* it is Step write-to-\w+\.\n.* sorted",
    "swallowing": f"{WAITING}, the handler did this again: 'give back'.\n{MOVE_IT} .* catch `Exception`",
}


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PROGRAMS))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_and_told_with_the_way_out(name: str) -> None:
    with pytest.raises(ReplaySafetyError, match=MISTAKES[name]):
        assert_replay_safe(f"{name}.mistaken", effects=lambda: outside.done)


@pytest.mark.parametrize("name", MISTAKES)
def test_its_correction_passes(name: str) -> None:
    safety = assert_replay_safe(f"{name}.corrected", effects=lambda: outside.done)

    assert safety.tried == safety.points > 0


def test_every_program_is_tried() -> None:
    assert {path.stem for path in PROGRAMS.glob("*.py")} - {"__init__"} == MISTAKES.keys()
