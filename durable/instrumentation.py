"""Tells plugins what happens; whatever they raise is logged, and changes nothing."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import fields
from functools import partial
from typing import TypeVar

from durable.exceptions import BackgroundThreadError, OrphanedChildException, SuspendExecution
from durable.identifier import OperationIdentifier
from durable.journal import Journal
from durable.model import ErrorObject, InvocationStatus, Operation, OperationAction, OperationStatus, OperationUpdate
from durable.plugin import (
    DurableInstrumentationPlugin,
    DurableInstrumentationPluginFactory,
    InvocationEndInfo,
    InvocationInfo,
    InvocationStartInfo,
    OperationChangeInfo,
    OperationEndInfo,
    OperationInfo,
    OperationStartInfo,
    PropagationInput,
    UserFunctionEndInfo,
    UserFunctionOutcome,
    UserFunctionStartInfo,
)
from durable.scheduler import Scheduler
from durable.values import Value
from durable.wire import from_milliseconds

I = TypeVar("I", bound=OperationInfo)  # noqa: E741 - an info
A = TypeVar("A")
Plugins = Sequence[DurableInstrumentationPluginFactory]

_log = logging.getLogger(__name__)


class OperationInfos(Mapping[str, OperationInfo]):
    """Recorded operations as plugins see them; each is described when it is looked at."""

    def __init__(self, journal: Journal, ids: Collection[str] | None = None) -> None:
        self._operations = journal.operations
        self._ids = ids

    def __getitem__(self, operation_id: str) -> OperationInfo:
        """The operation under an id."""
        if self._ids is not None and operation_id not in self._ids:
            raise KeyError(operation_id)
        return _describe(OperationInfo, self._operations[operation_id])

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(tuple(self._operations if self._ids is None else self._ids))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._operations if self._ids is None else self._ids)


class Instrumentation:
    """The plugins of one invocation."""

    def __init__(self, journal: Journal, scheduler: Scheduler) -> None:
        self._journal = journal
        self._scheduler = scheduler
        self._plugins: list[DurableInstrumentationPlugin] = []
        self._told_started: set[str] = set()
        self._told_ended: set[str] = set()
        self._lock = scheduler.lock()
        self._info: InvocationStartInfo | None = None

    @property
    def hears_ends(self) -> bool:
        """Whether anybody wants to be told when operations end."""
        return any(_overrides(plugin, "on_operation_end") for plugin in self._plugins)

    def begin(self, factories: Plugins, info: InvocationStartInfo, updated_ids: Collection[str]) -> None:
        """Make the plugins of an invocation and tell them that it begins."""
        if not factories:
            return
        self._info = info
        ended = {each.operation_id for each in self._journal.operations.values() if each.status.is_terminal}
        self._told_ended = ended.difference(updated_ids)
        made = [_isolated(partial(factory.create_plugin, info)) for factory in factories]
        self._plugins = [plugin for plugin in made if plugin]
        self._tell(lambda plugin: plugin.on_invocation_start(info))
        if any(_overrides(plugin, "on_operation_change") for plugin in self._plugins):
            self._journal.listen(self._changed)

    def end(self, status: InvocationStatus, error: ErrorObject | None = None, result: str | None = None) -> None:
        """Tell that the invocation has ended."""
        if self._info is None:
            return
        begun = {each.name: getattr(self._info, each.name) for each in fields(InvocationInfo)}
        info = InvocationEndInfo(**begun, status=status, error=error, execution_result=result)
        self._tell(lambda plugin: plugin.on_invocation_end(info))

    def found(self, recorded: Operation | None) -> None:
        """An operation is looked up: it goes on, or has ended since an earlier invocation saw it."""
        if not self._plugins or recorded is None:
            return
        self.ended(recorded)
        if not recorded.status.is_terminal and self._is_news(recorded.operation_id, self._told_started):
            info = _describe(OperationStartInfo, recorded, status=OperationStatus.STARTED, is_replayed=True)
            self._tell(lambda plugin: plugin.on_operation_start(info))

    def recording(self, update: OperationUpdate) -> None:
        """An update is about to be recorded."""
        if not self._plugins or update.action is not OperationAction.START:
            return
        if self._is_news(update.operation_id, self._told_started):
            info = _describe(OperationStartInfo, self._started(update))
            self._tell(lambda plugin: plugin.on_operation_start(info))

    def ended(self, operation: Operation | None) -> None:
        """An operation has ended, unless plugins know already."""
        if not self._plugins or operation is None or not operation.status.is_terminal:
            return
        if self._is_news(operation.operation_id, self._told_ended):
            info = _describe(OperationEndInfo, operation)
            self._tell(lambda plugin: plugin.on_operation_end(info))

    def _is_news(self, operation_id: str, told: set[str]) -> bool:
        with self._lock:
            news = operation_id not in told
            told.add(operation_id)
            return news

    def virtual_ended(self, identifier: OperationIdentifier, error: ErrorObject | None = None) -> None:
        """A virtual context has ended, which nothing records."""
        if self._plugins:
            status = OperationStatus.FAILED if error else OperationStatus.SUCCEEDED
            info = _describe(OperationEndInfo, self._started(identifier), status=status, error=error)
            self._tell(lambda plugin: plugin.on_operation_end(info))

    def user_function(
        self, identifier: OperationIdentifier, attempt: int | None, *, is_replay_children: bool = False
    ) -> AbstractContextManager[None]:
        """Tell of a user function that runs while the answer is entered."""
        return self._user_function(identifier, attempt, is_replay_children) if self._plugins else _NOTHING

    def trace_id(self, info: PropagationInput) -> str | None:
        """The trace that an invoked function should carry on, if a plugin knows one."""
        for plugin in self._plugins:
            metadata = _isolated(partial(plugin.provide_propagation_metadata, info))
            if metadata and (metadata.x_amzn_trace_id or "").strip():
                return metadata.x_amzn_trace_id
        return None

    @contextmanager
    def _user_function(
        self, identifier: OperationIdentifier, attempt: int | None, is_replay_children: bool
    ) -> Iterator[None]:
        known = {"attempt": attempt, "is_replay_children": is_replay_children}
        begun = _describe(UserFunctionStartInfo, self._started(identifier), **known)
        self._tell(lambda plugin: plugin.on_user_function_start(begun))
        outcome, error = UserFunctionOutcome.INCOMPLETE, None
        try:
            yield
            outcome = UserFunctionOutcome.SUCCEEDED
        except (SuspendExecution, BackgroundThreadError, OrphanedChildException):
            raise
        except BaseException as raised:
            outcome, error = UserFunctionOutcome.FAILED, ErrorObject.from_exception(raised)
            raise
        finally:
            ended = _describe(UserFunctionEndInfo, self._started(identifier), outcome=outcome, error=error, **known)
            self._tell(lambda plugin: plugin.on_user_function_end(ended))

    def _started(self, source: OperationIdentifier | OperationUpdate) -> Operation:
        recorded = self._journal.get(source.operation_id)
        begun = (recorded and recorded.start_timestamp) or from_milliseconds(self._scheduler.now() * 1000)
        known = source.parent_id, source.name, begun, None, source.sub_type
        return Operation(source.operation_id, source.operation_type, OperationStatus.STARTED, *known)

    def _changed(self, ids: frozenset[str]) -> None:
        arn = self._info.execution_arn if self._info else None
        info = OperationChangeInfo(arn, OperationInfos(self._journal, ids), OperationInfos(self._journal))
        self._tell(lambda plugin: plugin.on_operation_change(info))

    def _tell(self, hook: Callable[[DurableInstrumentationPlugin], object]) -> None:
        for plugin in self._plugins:
            _isolated(partial(hook, plugin))


_NOTHING = nullcontext()


def _describe(kind: type[I], operation: Operation, **members: Value) -> I:
    """An operation as plugins see it; the members are what is known better than its record."""
    recorded = {
        "is_replayed": False,
        "status": operation.status,
        "end_time": operation.end_timestamp,
        "result": operation.result,
        "error": operation.error,
        "attempt": operation.step_details.attempt if operation.step_details else None,
    }
    place = operation.operation_id, operation.operation_type, operation.sub_type, operation.name, operation.parent_id
    return kind(*place, operation.start_timestamp, **{**recorded, **members})


def _overrides(plugin: DurableInstrumentationPlugin, hook: str) -> bool:
    return getattr(type(plugin), hook) is not getattr(DurableInstrumentationPlugin, hook)


def _isolated(hook: Callable[[], A]) -> A | None:
    try:
        return hook()
    except Exception:  # noqa: BLE001 - logged; a plugin must not change the execution
        _log.exception("A plugin failed; the execution goes on without it being told.")
        return None
