"""`durable start` in a process of its own."""

import re
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.durable_local.cli.conftest import Shop

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A server that has begun."""

    process: subprocess.Popen[str]
    url: str
    console: str
    printed: "Printed"

    def client(self) -> Any:
        """A boto3 client that trusts in its endpoint alone."""
        return boto3.client(
            "lambda",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(read_timeout=PATIENCE_SECONDS, retries={"total_max_attempts": 1}),
        )

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)

    def output(self) -> str:
        """End it; what functions have printed."""
        self.stop()
        self.printed.join(PATIENCE_SECONDS)
        return "".join(self.printed.lines)


class Printed(threading.Thread):
    """Takes what functions print, so that it does not fill the pipe."""

    def __init__(self, stream: Iterable[str]) -> None:
        super().__init__(daemon=True)
        self.lines: list[str] = []
        self._stream = stream
        self.start()

    def run(self) -> None:
        self.lines.extend(self._stream)


@contextmanager
def started(shop: Shop, *options: str | Path, errors: Path) -> Iterator[Served]:
    """A server at a free port, ended at the end; what it says on stderr goes to a file."""
    command = shop.command("start", "--port", "0", *map(str, options))
    with (
        errors.open("a") as stderr,
        subprocess.Popen(
            command, cwd=shop.folder, env=shop.environment(), stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as process,
    ):
        try:
            url, console = _addresses(process, errors)
            assert process.stdout
            yield Served(process, url, console, Printed(process.stdout))
        finally:
            process.kill()


def _addresses(process: subprocess.Popen[str], errors: Path) -> tuple[str, str]:
    assert process.stdout
    told: list[str] = []
    for line in process.stdout:
        told.append(line)
        if "Ctrl-C" in line:
            break
    found = re.search(r"(http://127\.0\.0\.1:\d+)\n.*^Console: (\1\S+)\n", "".join(told), re.DOTALL | re.MULTILINE)
    assert found, errors.read_text()
    return found[1], found[2]
