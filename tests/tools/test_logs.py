import time
from typing import Any

import pytest

from tests.tools.conftest import Deployed
from tools import logs
from tools.logs import LATE_MILLISECONDS, Tail

NOW = int(time.time() * 1000)


@pytest.fixture
def group(deployed: Deployed) -> str:
    """The pipeline's log group, with one stream in it."""
    name = deployed.outputs["PipelineLogs"]
    deployed.client("logs").create_log_stream(logGroupName=name, logStreamName="s")
    return name


def put(client: Any, group: str, *lines: tuple[int, str]) -> None:
    events = [{"timestamp": at, "message": message} for at, message in lines]
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def test_each_line_is_told_once_and_a_late_one_too(deployed: Deployed, group: str) -> None:
    client = deployed.client("logs")
    tail = Tail(client, group, NOW - 3 * LATE_MILLISECONDS)
    put(client, group, (NOW - LATE_MILLISECONDS, "first"), (NOW, "second\n"))

    first = list(tail.new_lines())
    put(client, group, (NOW - 1_000, "late"))

    assert first == ["first", "second"]
    assert list(tail.new_lines()) == ["late"]
    assert list(tail.new_lines()) == []


def test_it_begins_some_minutes_ago(deployed: Deployed, group: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(deployed.client("logs"), group, (NOW - 3_600_000, "an hour ago"), (NOW, "now"))

    logs.main(["--once", "--minutes", "5"], now=lambda: NOW / 1000)

    assert capsys.readouterr().out == "now\n"
