"""Takes what is due, invokes the function, settles its answer: until the execution is closed."""

import threading
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from durable.model import Operation
from durable.wire import milliseconds
from durable_local.answers import parse
from durable_local.callbacks import Callbacks
from durable_local.chained import ChainedInvokes
from durable_local.clock import Clock
from durable_local.errors import ClaimLostError, ExecutionEndedError, ResourceNotFoundError
from durable_local.executions import Execution, Executions
from durable_local.hosts import Host, InvocationFailedError, Plain
from durable_local.hosts.context import LambdaContext
from durable_local.invocations import Invocations
from durable_local.journal import Journals, Quotas
from durable_local.service import LocalService
from durable_local.starting import VERSION, Terms, function_arn
from durable_local.store import calls, timers
from durable_local.store import executions as rows
from durable_local.store.calls import Call
from durable_local.store.columns import moment
from durable_local.store.database import Database
from durable_local.store.executions import ExecutionRow, Outcome
from durable_local.template.function import MEMORY_MB
from durable_local.timing import fire_due


@dataclass(frozen=True, slots=True)
class Function:
    """A durable function: where it runs, how long it may take, and how many days its executions are kept."""

    host: Host
    invocation_timeout_seconds: float = 900
    execution_timeout_seconds: int | None = None
    retention_days: int | None = None
    memory_mb: int = MEMORY_MB
    code: Path | None = None
    """The package or the module that its handler is in."""

    @property
    def terms(self) -> Terms:
        """How long its executions may take, and are kept."""
        return Terms(self.execution_timeout_seconds, self.retention_days)

    @property
    def is_durable(self) -> bool:
        """It has executions."""
        return True


class LocalRuntime:
    """The durable service and its functions on one machine."""

    def __init__(self, database: Database, clock: Clock, quotas: Quotas | None = None) -> None:
        self.journals = Journals(database, clock, quotas or Quotas())
        self.functions: dict[str, Function | Plain] = {}
        self._invokes = ChainedInvokes(self.journals, self.functions, lambda name: self._function(name).terms)
        self.service = LocalService(self.journals, self._invokes)
        self.executions = Executions(self.journals)
        self.callbacks = Callbacks(self.journals)
        self._invocations = Invocations(self.journals)
        self._clock = clock
        self._waiting: dict[str, threading.Event] = {}
        self.journals.observers.append(self._wake)

    def start(self, function: str, payload: str | None, name: str | None = None, tenant_id: str | None = None) -> str:
        """Begin an execution of a function, or find the one of this name; the answer is its ARN."""
        terms = replace(self._function(function).terms, tenant_id=tenant_id)
        return self.executions.start(function, payload, name, terms)

    def run(self, arn: str) -> Execution:
        """Drive an execution and what it has invoked until it is closed, or until only the outside can go on with it.

        An invocation that another process has left unfinished is taken over; that process, if it lives, can
        write no more. Raises ClaimLostError if somebody takes this one over, StoreError if nothing can be kept or
        a server has the database.
        """
        self.journals.database.hold(alone=False)
        for row in self._open(arn):
            if row.request_id is not None:
                self.invoke(row.arn, row.function, row.fence)
        while following := self._following(arn):
            due, row = following
            if row.request_id is not None:
                raise ClaimLostError(f"Another process has taken over execution {row.name}")
            self._go_on(row, due)
        return self.executions.get(arn)

    def _go_on(self, row: ExecutionRow, due: datetime) -> None:
        if due > self._clock.now():
            self._wait(row, due)
        elif call := calls.first(self.journals.database, row.key or 0):
            self.answer(row.arn, call)
        elif row.invoke_at is not None and row.invoke_at <= milliseconds(due):
            self.invoke(row.arn, row.function, row.fence)
        else:
            with self.journals.open(row.arn) as journal:
                fire_due(journal)

    def _open(self, arn: str) -> list[ExecutionRow]:
        """An execution that is running, and the running ones that it has invoked."""
        row = self._row(arn)
        return [row, *rows.running_below(self.journals.database, row.key or 0)] if row.is_running else []

    def _following(self, arn: str) -> tuple[datetime, ExecutionRow] | None:
        """What is due next in an execution or in one that it has invoked."""
        timed = [(due, row) for row in self._open(arn) if (due := self._due(row)) is not None]
        return min(timed, key=itemgetter(0), default=None)

    def _wait(self, row: ExecutionRow, due: datetime) -> None:
        woken = self._waiting[row.arn] = threading.Event()
        # What changed before the event stood there has called nobody.
        if self._row(row.arn).sequence == row.sequence:
            self._clock.wait_until(due, woken)
        del self._waiting[row.arn]

    def invoke(self, arn: str, name: str, fence: int) -> None:
        """Invoke an execution's function and settle its answer, unless the execution has ended.

        Raises ClaimLostError if the claim is not the latest any more, StoreError if the end could not be kept.
        """
        function = self._function(name)
        try:
            invocation = self._invocations.begin(arn, fence)
        except ExecutionEndedError:
            return
        self.journals.failures.pop(arn, None)
        try:
            answer = function.host.invoke(
                invocation,
                _context(
                    invocation.function,
                    invocation.request_id,
                    function.invocation_timeout_seconds,
                    function.memory_mb,
                    invocation.tenant_id,
                ),
            )
        except InvocationFailedError as failure:
            if lost := self.journals.failures.pop(arn, None):
                raise lost from failure  # the function is not to blame, so this invocation does not count
            self._invocations.failed(arn, invocation.fence, failure.error)
        else:
            self._invocations.answered(arn, invocation.fence, parse(answer))

    def abandon(self, arn: str) -> None:
        """Take the right to write from the running invocation of an execution; the next claim finds it dead."""
        self._invocations.abandon(arn)

    def answer(self, arn: str, call: Call) -> None:
        """Call the plain function that an execution has invoked, and hand on its answer."""
        self._invokes.answered(arn, call.operation_id, self.call(call.function, call.payload, call.tenant_id))

    def call(self, name: str, payload: str | None, tenant_id: str | None = None) -> Outcome:
        """What a plain function answers, or the error if it does not. Raises ResourceNotFoundError if it is unknown."""
        function = self.functions.get(name)
        if function is None or isinstance(function, Function):
            raise self._unknown(name)
        try:
            context = _context(name, str(uuid.uuid4()), function.timeout_seconds, function.memory_mb, tenant_id)
            return Outcome(function.call(payload, context))
        except InvocationFailedError as failure:
            return Outcome(error=failure.error)

    def _due(self, row: ExecutionRow) -> datetime | None:
        database, key = self.journals.database, row.key or 0
        call = calls.first(database, key)
        moments = (call.asked_at if call else None, moment(row.invoke_at), timers.earliest_of(database, key))
        return min(filter(None, moments), default=None)

    def _row(self, arn: str) -> ExecutionRow:
        row = rows.by_arn(self.journals.database, arn)
        if row is None:
            raise ResourceNotFoundError(f"There is no execution {arn}")
        return row

    def _function(self, name: str) -> Function:
        function = self.functions.get(name)
        if not isinstance(function, Function):
            raise self._unknown(name)
        return function

    def _unknown(self, name: str) -> ResourceNotFoundError:
        known = ", ".join(sorted(self.functions)) or "none"
        return ResourceNotFoundError(f"Function {name} is not known here; known are: {known}")

    def _wake(self, arn: str, _changed: list[Operation]) -> None:
        if woken := self._waiting.get(arn):
            woken.set()


def _context(
    function: str, request_id: str, timeout_seconds: float, memory_mb: int, tenant_id: str | None
) -> LambdaContext:
    return LambdaContext(
        function_name=function,
        function_version=VERSION,
        invoked_function_arn=function_arn(function),
        aws_request_id=request_id,
        memory_limit_in_mb=str(memory_mb),
        tenant_id=tenant_id,
        timeout_seconds=timeout_seconds,
    )
