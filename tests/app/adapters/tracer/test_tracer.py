"""Segments as X-Ray's daemon receives them, which listens for datagrams beside a Lambda function."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters.tracer.silent import SilentTracer
from tests.app.copies import ROOT

ROOT_SEGMENT, TRACE = "1111111111111111", "1-65000000-222222222222222222222222"
TWO_THREADS = """
from threading import Thread
from app.adapters.tracer.powertools import PowertoolsTracer
tracer = PowertoolsTracer()
end = tracer.begin("fetch-data", {"executionArn": "arn:x", "attempt": "1"})
def other():
    tracer.begin("store-item", {"executionArn": "arn:x", "attempt": "2"})("app.Unavailable")
thread = Thread(target=other)
thread.start()
thread.join()
end(None)
"""


@pytest.fixture
def daemon() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        yield listening


def traced(daemon: socket.socket, sampled: int) -> None:
    """Draw two segments in a process of its own, as if it were a sandbox of Lambda."""
    environment = {
        "LAMBDA_TASK_ROOT": str(ROOT),
        "_X_AMZN_TRACE_ID": f"Root={TRACE};Parent={ROOT_SEGMENT};Sampled={sampled}",
        "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
    }
    subprocess.run([sys.executable, "-c", TWO_THREADS], env={**os.environ, **environment}, cwd=ROOT, check=True)


def received(daemon: socket.socket, number: int) -> dict[str, dict[str, Any]]:
    """So many segments, by name."""
    datagrams = [daemon.recv(65_536).decode() for _ in range(number)]
    segments = [json.loads(datagram.partition("\n")[2]) for datagram in datagrams]
    return {segment["name"]: segment for segment in segments}


def test_segments_of_several_threads_are_below_the_invocations_own(daemon: socket.socket) -> None:
    traced(daemon, sampled=1)

    segments = received(daemon, 2)
    assert set(segments) == {"fetch-data", "store-item"}
    assert {(each["trace_id"], each["parent_id"], each["type"]) for each in segments.values()} == {
        (TRACE, ROOT_SEGMENT, "subsegment")
    }
    assert segments["fetch-data"]["annotations"] == {"executionArn": "arn:x", "attempt": "1"}
    assert segments["fetch-data"]["start_time"] <= segments["store-item"]["start_time"]
    assert segments["fetch-data"]["end_time"] >= segments["store-item"]["end_time"]


def test_a_segment_that_ends_with_an_error_is_a_fault_and_names_its_kind_alone(daemon: socket.socket) -> None:
    traced(daemon, sampled=1)

    segments = received(daemon, 2)
    assert (segments["store-item"]["fault"], segments["store-item"]["annotations"]["errorType"]) == (
        True,
        "app.Unavailable",
    )
    assert "fault" not in segments["fetch-data"]
    assert "cause" not in segments["store-item"]


def test_an_invocation_that_is_not_sampled_sends_nothing(daemon: socket.socket) -> None:
    traced(daemon, sampled=0)

    daemon.setblocking(False)
    with pytest.raises(BlockingIOError):
        daemon.recv(65_536)


def test_a_silent_tracer_draws_nothing_and_can_be_ended() -> None:
    SilentTracer().begin("fetch-data", {})(None)
