"""One process that runs a function's invocations, one after the other, as a Lambda sandbox does."""

import os
import queue
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from durable.model import ErrorObject
from durable_local.hosts import InvocationFailedError, failures
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.processes.memory import resident_bytes
from durable_local.hosts.processes.messages import Answered, Event, Exited, Failed, Message, Ready
from durable_local.hosts.processes.runtime_api import RuntimeApi

INIT_SECONDS = 60.0
"""How long a worker may take to import its function. Lambda gives ten seconds; a desk is slower when it is busy."""

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_SAMPLE_SECONDS = 0.1
_MEGABYTE = 1024 * 1024
_LONGEST_LINE = 65_536

Log = Callable[[str, str], None]
"""Takes what a function has printed: the function's name, and a line."""


class WorkerGoneError(Exception):
    """The worker had ended before it took the invocation; another one may."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a worker runs, and in which surroundings."""

    function: str
    python: Path
    folder: Path
    variables: Mapping[str, str]
    memory_mb: int = 128


class Worker:
    """A process of a program, from its begin to its end. Raises InvocationFailedError if there cannot be one."""

    def __init__(self, program: Program, log: Log) -> None:
        self.program = program
        self._log = log
        self._api = RuntimeApi()
        self._has_begun = self._is_killed = False
        lifeline, self._lifeline = os.pipe()
        try:
            self._process = _process(program, self._api.address, lifeline)
        except OSError as error:
            os.close(self._lifeline)
            self._api.close()
            raise InvocationFailedError(failures.not_begun(error)) from error
        finally:
            os.close(lifeline)
        name = f"worker-{self._process.pid}"
        self._follower = threading.Thread(target=self._follow, name=name, daemon=True)
        self._follower.start()
        threading.Thread(target=self._await_end, name=name, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process, which leads its group."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it may be given another invocation."""
        return not self._is_killed and self._process.poll() is None

    def begin(self) -> None:
        """Wait until the function is imported. Raises InvocationFailedError if it cannot be."""
        if self._has_begun:
            return
        self._has_begun = True
        match self._message(INIT_SECONDS):
            case Ready():
                return
            case Failed(error):
                raise self._killed(error)
            case Exited(code):
                raise InvocationFailedError(failures.exited(code))
            case _:
                raise self._killed(failures.timed_out(INIT_SECONDS))

    def run(self, payload: str, context: LambdaContext) -> str:
        """What the function answers. Raises InvocationFailedError if it does not, WorkerGoneError if it never began."""
        until = time.monotonic() + context.timeout_seconds
        self._api.offer(_event(payload, context))
        while True:
            match self._message(max(0.0, min(_SAMPLE_SECONDS, until - time.monotonic()))):
                case Answered(answer):
                    return answer.decode()
                case Failed(error):
                    # Lambda's client does not get over a response that was refused either.
                    raise self._killed(error) if error is failures.TOO_LARGE else InvocationFailedError(error)
                case Exited(code) if self._api.in_hand is None:
                    raise WorkerGoneError(f"A worker of {self.program.function} has ended with {code}")
                case Exited(code):
                    raise InvocationFailedError(failures.exited(code))
            if excess := self._excess(context, until):
                raise self._killed(excess)

    def kill(self) -> None:
        """End the process and its children at once."""
        self._is_killed = True
        if self._process.poll() is None:
            _kill_group(self.pid)

    def drain(self, patience_seconds: float) -> None:
        """Wait until all that it has printed was told; a process that it has left behind is not waited for long."""
        self._follower.join(patience_seconds)

    def _killed(self, error: ErrorObject) -> InvocationFailedError:
        self.kill()
        return InvocationFailedError(error)

    def _message(self, seconds: float) -> Message | None:
        try:
            return self._api.messages.get(timeout=seconds)
        except queue.Empty:
            return None

    def _excess(self, context: LambdaContext, until: float) -> ErrorObject | None:
        """Which of its limits the invocation has gone over."""
        if time.monotonic() >= until:
            return failures.timed_out(context.timeout_seconds)
        if resident_bytes(self.pid) > self.program.memory_mb * _MEGABYTE:
            return failures.OUT_OF_MEMORY
        return None

    def _follow(self) -> None:
        with self._process.stdout as printed:  # type: ignore[union-attr]  # it is a pipe
            while line := printed.readline(_LONGEST_LINE):
                for each in line.decode(errors="replace").splitlines():
                    self._log(self.program.function, each)

    def _await_end(self) -> None:
        code = self._process.wait()
        _kill_group(self.pid)
        os.close(self._lifeline)
        self._api.messages.put(Exited(code))
        self._api.close()


def _process(program: Program, runtime_api: str, lifeline: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the function's own Python and handler
        [program.python, "-P", _BOOTSTRAP, str(lifeline)],
        cwd=program.folder,
        env={**program.variables, "AWS_LAMBDA_RUNTIME_API": runtime_api},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lifeline],
        start_new_session=True,
    )


def _event(payload: str, context: LambdaContext) -> Event:
    now = time.time()
    headers = {
        "Lambda-Runtime-Aws-Request-Id": context.aws_request_id,
        "Lambda-Runtime-Deadline-Ms": str(int((now + context.timeout_seconds) * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": context.invoked_function_arn,
        "Lambda-Runtime-Trace-Id": f"Root=1-{int(now):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
    }
    if context.tenant_id:
        headers["Lambda-Runtime-Aws-Tenant-Id"] = context.tenant_id
    return Event(context.aws_request_id, payload.encode(), headers)


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        """It has ended by itself."""
