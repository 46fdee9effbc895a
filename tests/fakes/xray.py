"""X-Ray's daemon, which listens for datagrams beside a Lambda function."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

ROOT_SEGMENT, TRACE = "1111111111111111", "1-65000000-222222222222222222222222"


@dataclass(frozen=True, slots=True)
class Daemon:
    """Takes segments, and sends them nowhere."""

    listening: socket.socket

    def environment(self, folder: str, sampled: int = 1) -> dict[str, str]:
        """What a sandbox of Lambda, whose code lies in a folder, knows of its trace and of the daemon."""
        return {
            "LAMBDA_TASK_ROOT": folder,
            "_X_AMZN_TRACE_ID": f"Root={TRACE};Parent={ROOT_SEGMENT};Sampled={sampled}",
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{self.listening.getsockname()[1]}",
        }

    def received(self, number: int) -> dict[str, dict[str, Any]]:
        """The next so many segments, by name."""
        datagrams = [self.listening.recv(65_536).decode() for _ in range(number)]
        segments = [json.loads(datagram.partition("\n")[2]) for datagram in datagrams]
        return {segment["name"]: segment for segment in segments}

    def is_idle(self) -> bool:
        """Whether nothing has come that was not taken."""
        self.listening.setblocking(False)
        try:
            self.listening.recv(65_536)
        except BlockingIOError:
            return True
        return False


@contextmanager
def xray_daemon() -> Iterator[Daemon]:
    """A daemon at a free port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        yield Daemon(listening)
