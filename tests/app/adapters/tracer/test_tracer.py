import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.adapters.tracer.silent import SilentTracer
from tests.app.copies import ROOT
from tests.fakes.xray import ROOT_SEGMENT, TRACE, Daemon, xray_daemon

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
def daemon() -> Iterator[Daemon]:
    with xray_daemon() as listening:
        yield listening


def trace(daemon: Daemon, sampled: int = 1) -> None:
    """Draw two segments in a process of its own, as if it were a sandbox of Lambda."""
    environment = {**os.environ, **daemon.environment(str(ROOT), sampled)}
    subprocess.run([sys.executable, "-c", TWO_THREADS], env=environment, cwd=ROOT, check=True)


def test_segments_of_several_threads_are_below_the_invocations_own(daemon: Daemon) -> None:
    trace(daemon)

    segments = daemon.received(2)
    assert set(segments) == {"fetch-data", "store-item"}
    assert {(each["trace_id"], each["parent_id"], each["type"]) for each in segments.values()} == {
        (TRACE, ROOT_SEGMENT, "subsegment")
    }
    assert segments["fetch-data"]["annotations"] == {"executionArn": "arn:x", "attempt": "1"}
    assert segments["fetch-data"]["start_time"] <= segments["store-item"]["start_time"]
    assert segments["fetch-data"]["end_time"] >= segments["store-item"]["end_time"]


def test_a_segment_that_ends_with_an_error_is_a_fault_and_names_its_kind_alone(daemon: Daemon) -> None:
    trace(daemon)

    segments = daemon.received(2)
    failed = segments["store-item"]
    assert (failed["fault"], failed["annotations"]["errorType"]) == (True, "app.Unavailable")
    assert "fault" not in segments["fetch-data"]
    assert "cause" not in failed


def test_an_invocation_that_is_not_sampled_sends_nothing(daemon: Daemon) -> None:
    trace(daemon, sampled=0)

    assert daemon.is_idle()


def test_a_silent_tracer_can_be_ended() -> None:
    SilentTracer().begin("fetch-data", {})(None)
