import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from durable.model import Operation, OperationStatus, OperationType
from durable_local.cli.timeline import Drawing
from durable_local.executions import Execution
from durable_local.timeline.rows import Told, timeline
from tests.fakes.clock import START

NOW = START + timedelta(seconds=41)
"""On 80 columns a bar has one for each of these seconds."""
EXECUTION = Execution("arn:1", "monday", "f", "RUNNING", "{}", None, None, START, None, 2)


class Story:
    """Operations and the events that tell of them."""

    def __init__(self) -> None:
        self.operations = [Operation("e", OperationType.EXECUTION, OperationStatus.STARTED)]
        self.events: list[dict[str, Any]] = []

    def has(self, id_: str, family: str, began: int, ended: int | None, parent: str | None = None) -> "Story":
        status = OperationStatus.SUCCEEDED if ended is not None else OperationStatus.STARTED
        kind = {"ChainedInvoke": "CHAINED_INVOKE"}.get(family, family.upper())
        moments = START + timedelta(seconds=began), None if ended is None else START + timedelta(seconds=ended)
        self.operations.append(Operation(id_, OperationType(kind), status, parent, id_, *moments))
        self.tells(id_, f"{family}Started", began)
        return self if ended is None else self.tells(id_, f"{family}Succeeded", ended)

    def tells(self, id_: str, kind: str, seconds: int, **details: Any) -> "Story":
        moment = START + timedelta(seconds=seconds)
        self.events.append({"EventType": kind, "EventTimestamp": moment, "Id": id_, f"{kind}Details": details})
        return self

    def drawn(self, width: int, encoding: str = "utf-8", execution: Execution = EXECUTION, **options: Any) -> str:
        stream = io.TextIOWrapper(io.BytesIO(), encoding)
        console = Console(file=stream, width=width, _environ={}, **options)
        told = Told(self.operations, self.events, NOW)
        Drawing(console, timeline(execution.started, execution.ended, told, complete=False)).draw()
        stream.flush()
        return stream.buffer.getvalue().decode()


@pytest.fixture
def story() -> Story:
    """A step, a context with a wait inside, a step that is about to be tried again."""
    told = Story().has("fetch", "Step", 0, 10).has("parallel", "Context", 10, 30)
    told.has("pause", "Wait", 10, 30, "parallel").has("charge", "Step", 30, None)
    retry = {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 60}
    return told.tells("charge", "StepFailed", 35, RetryDetails=retry)


def test_bars_stand_where_things_happened_and_differ_without_colours(story: Story) -> None:
    lines = [line.rstrip() for line in story.drawn(80).splitlines()]

    assert lines == [
        "                         0                                  41.0 s",
        "✓ fetch                  ██████████                                      10.0 s",
        "✓ parallel                         ────────────────────                  20.0 s",
        "  ✓ pause                          ░░░░░░░░░░░░░░░░░░░░                  20.0 s",
        "… charge                                               █████▒▒▒▒▒▒       11.0 s",
        "                         █ runs   ░ waits   ▒ until it is tried again   ─ contains",
    ]


@pytest.mark.parametrize("width", [80, 200])
def test_the_bars_take_the_width_that_there_is(story: Story, width: int) -> None:
    bars = story.drawn(width).splitlines()[1:-1]

    assert {len(line) for line in bars} == {width - 1}


def test_where_only_ascii_can_be_written_it_is_drawn_with_ascii(story: Story) -> None:
    drawn = story.drawn(80, "ascii")

    assert drawn.isascii()
    assert "+ fetch                  ##########" in drawn
    assert "#####~~~~~~" in drawn
    assert "# runs   . waits   ~ until it is tried again   - contains" in drawn


def test_a_terminal_gets_colours_and_a_pipe_does_not(story: Story) -> None:
    assert "\x1b[" in story.drawn(80, force_terminal=True, color_system="standard")
    assert "\x1b[" not in story.drawn(80)


def test_the_shortest_operation_can_be_seen() -> None:
    drawn = Story().has("moment", "Step", 20, 20).drawn(80)

    assert drawn.splitlines()[1].count("█") == 1


def test_many_like_branches_are_one_bar_with_their_number() -> None:
    story = Story().has("map", "Context", 0, 41)
    for number in range(1000):
        story.has(f"item-{number}", "Context", 0, 20, "map")
        story.operations[-1] = replace(story.operations[-1], sub_type="MapIteration")
        story.has(f"store-{number}", "Step", 0, 20, f"item-{number}")

    drawn = story.drawn(80).splitlines()

    assert len(drawn) == 1 + 1 + 3 * 2 + 1 + 1
    assert drawn[-2].split() == ["…", "997", "more", "█" * 20]


def test_what_a_closed_execution_has_left_open_ends_with_it() -> None:
    story = Story().has("forgotten", "Callback", 10, None)
    over = START + timedelta(seconds=20)
    story.operations[0] = replace(story.operations[0], end_timestamp=over)

    row = story.drawn(80, execution=replace(EXECUTION, ended=over)).splitlines()[1]

    assert row.split()[:2] == ["…", "forgotten"]
    assert row.endswith("░    left open")


def test_a_name_that_is_too_long_is_cut_short() -> None:
    row = Story().has("execute-" * 20, "Step", 0, 41).drawn(80).splitlines()[1]

    assert row.startswith("✓ execute-execute-execu… ")
    assert row.count("█") == 41
