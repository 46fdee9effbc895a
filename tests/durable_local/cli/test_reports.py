import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from rich.console import Console

from durable.model import (
    CallbackDetails,
    ErrorObject,
    Operation,
    OperationStatus,
    OperationType,
    StepDetails,
    WaitDetails,
)
from durable_local.cli.reports import print_execution, print_history, print_list
from durable_local.executions import Execution, Summary
from tests.fakes.clock import START

NOW = START + timedelta(seconds=90)
ERROR = ErrorObject("the [bold]card[/bold] was declined " + "again and " * 30, "PaymentError")
EXECUTION = Execution("arn:1", "n" * 64, "app-entrypoints-pipeline-handler", "FAILED", "{}", None, ERROR, START, NOW, 3)
OPERATIONS = [
    Operation("e", OperationType.EXECUTION, OperationStatus.FAILED),
    Operation(
        "s",
        OperationType.STEP,
        OperationStatus.FAILED,
        None,
        "charge-" + "x" * 120,
        START,
        NOW,
        "Step",
        step_details=StepDetails(3, error=ERROR),
    ),
    Operation("w", OperationType.WAIT, OperationStatus.STARTED, None, "pause", START, wait_details=WaitDetails(NOW)),
    Operation(
        "c",
        OperationType.CALLBACK,
        OperationStatus.SUCCEEDED,
        None,
        "approval",
        START,
        NOW,
        callback_details=CallbackDetails("bearer-id", '"payload"'),
    ),
]


def printed(width: int, report: Callable[[Console], None]) -> str:
    stream = io.StringIO()
    report(Console(file=stream, width=width, _environ={}))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 200])
def test_a_tree_fits_the_width_and_loses_no_error(width: int) -> None:
    tree = printed(width, lambda console: print_execution(console, EXECUTION, OPERATIONS, NOW))

    assert max(map(len, tree.splitlines())) <= width
    words = " ".join(re.sub("[│├└─]", " ", tree).split())
    assert "FAILED 1 min 30 s 3 invocations" in words
    assert "3 attempts PaymentError: the [bold]card[/bold] was declined" in words


def test_a_tree_tells_when_a_wait_ends_but_neither_payloads_nor_callback_ids() -> None:
    tree = printed(200, lambda console: print_execution(console, EXECUTION, OPERATIONS, NOW))

    assert "… pause  WAIT  1 min 30 s  until " in tree
    assert "bearer-id" not in tree
    assert "payload" not in tree


@pytest.mark.parametrize("width", [80, 200])
def test_a_list_tells_whole_names_at_every_width(width: int) -> None:
    summary = Summary("arn:1", "n" * 64, "app-entrypoints-pipeline-handler", "TIMED_OUT", START, None)

    text = printed(width, lambda console: print_list(console, [summary], NOW))

    assert max(map(len, text.splitlines())) <= width
    assert text.count("n") >= 64
    assert "TIMED_OUT" in text


def test_a_history_for_people_leaves_callback_ids_out() -> None:
    event = {
        "EventType": "CallbackStarted",
        "EventId": 2,
        "EventTimestamp": START,
        "Name": "approval",
        "CallbackStartedDetails": {"CallbackId": "bearer-id", "Timeout": 5},
    }

    text = printed(80, lambda console: print_history(console, [event]))

    assert "Timeout 5" in text
    assert "bearer-id" not in text
