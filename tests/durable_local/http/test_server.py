import socket
import threading
from typing import Any

import pytest

from durable import DurableContext, durable_execution
from durable_local.clock import SystemClock
from durable_local.http.server import LoopbackServer
from tests.durable_local.http.serving import Served, serving


def test_a_server_binds_loopback_alone(served: Served) -> None:
    with pytest.raises(ValueError, match=r"host is '0\.0\.0\.0'.*binds 127\.0\.0\.1 only"):
        LoopbackServer(served.runtime, served.dispatcher, host="0.0.0.0")  # noqa: S104 - refused


def test_two_servers_have_two_ports_and_two_tokens(served: Served) -> None:
    with LoopbackServer(served.runtime, served.dispatcher) as other:
        assert other.port != served.server.port
        assert other.token != served.server.token


def test_a_port_that_is_taken_is_refused_at_once(served: Served) -> None:
    with pytest.raises(OSError, match="in use"):
        LoopbackServer(served.runtime, served.dispatcher, served.server.port)


def test_no_part_of_an_answer_waits_for_the_part_before_to_be_acknowledged(served: Served) -> None:
    assert served.server._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_who_comes_before_the_server_has_started_is_served_when_it_has(served: Served) -> None:
    server = LoopbackServer(served.runtime, served.dispatcher)
    with socket.create_connection(("127.0.0.1", server.port)) as early:
        early.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % server.port)
        with server:
            assert early.recv(100).startswith(b"HTTP/1.1 403")


def test_a_server_that_was_never_started_can_be_closed(served: Served) -> None:
    server = LoopbackServer(served.runtime, served.dispatcher)

    server.close()

    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port))


def test_callers_who_wait_are_answered_when_the_server_closes() -> None:
    asking, answers = threading.Event(), list[Any]()

    @durable_execution
    def handler(event: Any, context: DurableContext) -> Any:
        callback = context.create_callback("approval")
        asking.set()
        return callback.result()

    with serving(SystemClock()) as served:
        served.host("f", handler)
        client = served.client()
        caller = threading.Thread(target=lambda: answers.append(client.invoke(FunctionName="f:$LATEST")))
        caller.start()
        asking.wait(10)
    caller.join(10)

    (answer,) = answers
    assert answer["FunctionError"] == "Unhandled"
    assert b"still runs and goes on" in answer["Payload"].read()
