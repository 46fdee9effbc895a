import io
import re
from datetime import timedelta

from rich.console import Console

from durable.model import OperationStatus
from durable_local.cli.display import MovingDisplay, PlainDisplay, display_on
from durable_local.cli.progress import Delay, Line
from tests.fakes.clock import START

NOW = START + timedelta(seconds=2)


def line(label: str = "orders", status: str = "STARTED", depth: int = 0) -> Line:
    return Line(label, depth, OperationStatus(status), START, None, 3)


def test_a_pipe_gets_plain_lines_and_a_terminal_moving_ones() -> None:
    assert isinstance(display_on(Console(file=io.StringIO())), PlainDisplay)
    assert isinstance(display_on(Console(file=io.StringIO(), force_terminal=True, _environ={})), MovingDisplay)


def test_plain_lines_tell_each_beginning_wait_and_end_once() -> None:
    stream = io.StringIO()
    orders = line()

    with display_on(Console(file=stream, width=80)) as display:
        display.show([orders], NOW)
        orders.steps = 4
        display.show([orders], NOW)
        orders.delays["w"] = Delay("pause", NOW, is_retry=False)
        display.show([orders], NOW)
        orders.delays.clear()
        display.show([orders], NOW)
        orders.status, orders.ended = OperationStatus.SUCCEEDED, NOW
        display.show([orders, line("[red]x", "FAILED", 1)], NOW)

    told = stream.getvalue().splitlines()
    assert "\x1b" not in stream.getvalue()
    assert [text.partition("  steps")[0] for text in told] == ["… orders", "… orders", "✓ orders", "  ✗ [red]x"]
    assert "waits for pause until" in told[1]
    assert told[2].endswith("2.0 s")


def test_moving_lines_fit_the_width_and_show_the_latest() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80, height=20, color_system=None, _environ={})

    with display_on(console) as display:
        display.show([line(f"branch-{number}-{'x' * 60}") for number in range(40)], NOW)

    assert "branch-39" in stream.getvalue()
    assert "branch-21-" not in stream.getvalue()
    rows = [text for text in re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", stream.getvalue()).splitlines() if "branch" in text]
    assert max(map(len, rows)) <= 80
