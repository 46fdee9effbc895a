"""Real processes, driven by Lambda's runtime client."""

import dataclasses
import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psutil
import pytest

from durable.model import ErrorObject, ExecutionDetails, Operation, OperationStatus, OperationType
from durable_local.hosts import InvocationFailedError
from durable_local.hosts.processes import ProcessHost
from durable_local.hosts.processes.pool import Pool
from durable_local.invocations import Invocation
from tests.durable_local.hosts.processes.conftest import MakePool, Shop, a_context


def called(host: ProcessHost, event: object = None, request_id: str = "request-1") -> Any:
    return json.loads(host.call(json.dumps(event), a_context(request_id)))


def failure(host: ProcessHost, event: object = None, timeout_seconds: float = 30) -> ErrorObject:
    with pytest.raises(InvocationFailedError) as caught:
        host.call(json.dumps(event), a_context(timeout_seconds=timeout_seconds))
    return caught.value.error


def test_a_function_learns_what_lambda_tells_it(shop: Shop) -> None:
    answer = called(shop.host("echo", GREETING="hello"), {"größe": 1}, "request-7")

    assert answer["event"] == {"größe": 1}
    assert (answer["request"], answer["arn"]) == ("request-7", "arn:f")
    assert 29_000 < answer["left"] <= 30_000
    assert answer["folder"] == str(shop.folder)
    assert answer["environment"]["GREETING"] == "hello"
    assert answer["environment"]["_X_AMZN_TRACE_ID"].startswith("Root=1-")


def test_a_worker_learns_for_which_tenant_each_invocation_is(shop: Shop) -> None:
    host = shop.host("echo")
    contexts = [dataclasses.replace(a_context(), tenant_id=tenant) for tenant in ("blue", None)]

    told = [json.loads(host.call("{}", context)) for context in contexts]

    assert [each["tenant"] for each in told] == ["blue", None]
    assert told[0]["pid"] == told[1]["pid"]


def test_nothing_of_the_servers_environment_reaches_a_function(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERS_SECRET", "hidden")

    assert "SERVERS_SECRET" not in called(shop.host("echo"))["environment"]


def test_a_durable_function_gets_the_envelope_in_json(shop: Shop) -> None:
    started = datetime(2026, 1, 1, tzinfo=UTC)
    root = Operation(
        "i", OperationType.EXECUTION, OperationStatus.STARTED, start_timestamp=started,
        execution_details=ExecutionDetails("{}"),
    )  # fmt: skip
    invocation = Invocation("arn", "f", "request-1", 1, "token", [root], None, ["o"])

    answer: Any = shop.host("echo").invoke(invocation, a_context())

    assert answer["event"] == {
        "DurableExecutionArn": "arn",
        "CheckpointToken": "token",
        "InitialExecutionState": {
            "Operations": [
                {
                    "Id": "i",
                    "Type": "EXECUTION",
                    "Status": "STARTED",
                    "StartTimestamp": 1_767_225_600_000,
                    "ExecutionDetails": {"InputPayload": "{}"},
                }
            ],
            "NextMarker": "",
        },
        "UpdatedOperationIds": ["o"],
    }


def test_a_worker_is_used_again_while_it_is_warm(shop: Shop) -> None:
    host = shop.host("echo")

    answers = [called(host, number) for number in range(3)]

    assert [answer["calls"] for answer in answers] == [1, 2, 3]
    assert len({answer["pid"] for answer in answers}) == 1


def test_an_error_of_the_function_leaves_its_worker_warm(shop: Shop) -> None:
    host = shop.host("echo")

    error = failure(host, "raise")

    assert (error.message, error.type) == ("boom", "ValueError")
    assert "shop.py" in "".join(error.stack_trace or [])
    assert called(host)["calls"] == 2


@pytest.mark.parametrize(
    ("function", "event", "error"),
    [
        ("leaves", {"code": 3}, ErrorObject("Runtime exited with error: exit status 3", "Runtime.ExitError")),
        ("leaves", {"code": 0}, ErrorObject("Runtime exited without providing a reason", "Runtime.ExitError")),
        (
            "dies",
            {"signal": signal.SIGSEGV},
            ErrorObject("Runtime exited with error: signal: segmentation fault", "Runtime.ExitError"),
        ),
        (
            "large",
            {"size": 6 * 1024 * 1024 + 99},  # with its two quotes one byte too many
            ErrorObject(
                "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
                "Function.ResponseSizeTooLarge",
            ),
        ),
    ],
)
def test_a_worker_that_ends_fails_its_invocation_and_no_other(
    shop: Shop, function: str, event: object, error: ErrorObject
) -> None:
    host, bystander = shop.host(function), shop.host("echo")
    before = called(bystander)["pid"]

    assert failure(host, event) == error
    assert failure(host, event) == error  # a new worker runs into it as well
    assert called(bystander)["pid"] == before


def test_the_largest_response_is_handed_on(shop: Shop) -> None:
    assert len(called(shop.host("large"), {"size": 6 * 1024 * 1024 + 98})) == 6 * 1024 * 1024 + 98


@pytest.mark.parametrize("function", ["hoards", "has_a_child_that_hoards"])
def test_more_memory_than_the_function_has_ends_its_worker(shop: Shop, function: str) -> None:
    error = failure(shop.host(function, memory_mb=200))

    assert error == ErrorObject("Runtime exited with error: signal: killed", "Runtime.OutOfMemory")


@pytest.mark.parametrize("function", ["hangs", "spins"])
def test_a_function_that_takes_too_long_is_ended_at_its_deadline(shop: Shop, function: str) -> None:
    host = shop.host(function)

    assert failure(host, timeout_seconds=0.3) == ErrorObject("Task timed out after 0.30 seconds", "Sandbox.Timedout")
    assert failure(host, timeout_seconds=0.3).type == "Sandbox.Timedout"


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        ("shop.missing", ErrorObject("Handler 'missing' missing on module 'shop'", "Runtime.HandlerNotFound")),
        (
            "nowhere.handler",
            ErrorObject("Unable to import module 'nowhere': No module named 'nowhere'", "Runtime.ImportModuleError"),
        ),
    ],
)
def test_a_handler_that_is_not_there_is_told(shop: Shop, handler: str, error: ErrorObject) -> None:
    assert failure(shop.host("missing", _HANDLER=handler)) == error


def test_a_function_whose_folder_is_gone_is_told_and_holds_no_workers_place(shop: Shop, make_pool: MakePool) -> None:
    shop.pool = make_pool(1)
    host, other = shop.host("echo"), shop.host("echo")
    gone = ProcessHost(shop.pool, dataclasses.replace(host.program, folder=shop.folder / "gone"))

    assert failure(gone).type == "Runtime.InvalidEntrypoint"
    assert called(other)["calls"] == 1


def test_what_a_function_prints_is_told_with_its_name(shop: Shop) -> None:
    called(shop.host("says"))
    shop.pool.close()

    assert shop.printed == [("says", "first"), ("says", "second"), ("says", "third")]


def test_a_pool_that_closes_first_tells_what_was_printed(shop: Shop) -> None:
    begun, go_on, told = threading.Event(), threading.Event(), list[str]()

    def slowly(_function: str, line: str) -> None:
        begun.set()
        go_on.wait(10)
        told.append(line)

    shop.pool = Pool(slowly)
    called(shop.host("says"))
    assert begun.wait(10)
    closing = threading.Thread(target=shop.pool.close)
    closing.start()
    closing.join(0.05)

    is_waited_for = closing.is_alive()
    go_on.set()
    closing.join(10)

    assert is_waited_for
    assert told == ["first", "second", "third"]


def test_workers_are_begun_up_to_the_limit(shop: Shop, make_pool: MakePool) -> None:
    (shop.folder / "meeting.py").write_text(
        "import os, pathlib, time\n\n\ndef handler(event, context):\n"
        "    pathlib.Path(f'{os.getpid()}.here').touch()\n"
        "    while len(list(pathlib.Path().glob('*.here'))) < event['of']:\n        time.sleep(0.01)\n"
        "    return os.getpid()\n"
    )
    host = shop.host("meeting", _HANDLER="meeting.handler")

    with ThreadPoolExecutor(4) as threads:
        pids = list(threads.map(lambda _: called(host, {"of": 2}), range(4)))

    assert len(set(pids)) == 2


def test_an_idle_worker_makes_room_for_another_function(shop: Shop, make_pool: MakePool) -> None:
    shop.pool = make_pool(1)
    first, second = shop.host("echo"), shop.host("echo")
    pid = called(first)["pid"]

    other = called(second)["pid"]

    assert other != pid
    assert called(first)["calls"] == 1


def test_a_worker_that_ends_while_idle_fails_no_invocation(shop: Shop) -> None:
    host = shop.host("ends_afterwards")

    first = called(host)
    while psutil.pid_exists(first):
        pass

    assert called(host) != first


def test_a_closed_pool_ends_what_runs_and_begins_nothing(shop: Shop) -> None:
    host = shop.host("hangs")
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(failure, host)
        while not shop.printed:
            pass
        shop.pool.close()

        assert running.result().type == "Runtime.ExitError"
    assert failure(host).message == "The server is stopping and runs nothing more"
