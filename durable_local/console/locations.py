"""Where in a function's code its operations are called. Nothing records that, so names are looked up in its source."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from durable.model import Operation, OperationSubType, OperationType
from durable_local.console.calls import NamedCall, named_calls
from durable_local.runtime import Function, LocalRuntime

_MOST_FILES = 2_000
_CALLED: Mapping[str, str] = {
    OperationSubType.STEP: "step",
    OperationSubType.WAIT: "wait",
    OperationSubType.CALLBACK: "create_callback",
    OperationSubType.RUN_IN_CHILD_CONTEXT: "run_in_child_context",
    OperationSubType.MAP: "map",
    OperationSubType.MAP_ITERATION: "",
    OperationSubType.PARALLEL: "parallel",
    OperationSubType.PARALLEL_BRANCH: "ParallelBranch",
    OperationSubType.WAIT_FOR_CALLBACK: "wait_for_callback",
    OperationSubType.WAIT_FOR_CONDITION: "wait_for_condition",
    OperationSubType.CHAINED_INVOKE: "invoke",
}
_CALLED_OTHERWISE: Mapping[str, str] = {
    OperationType.STEP: "step",
    OperationType.WAIT: "wait",
    OperationType.CALLBACK: "create_callback",
    OperationType.CHAINED_INVOKE: "invoke",
    OperationType.CONTEXT: "run_in_child_context",
}
"""For the sub types that functions have made up themselves."""


@dataclass(frozen=True, slots=True)
class Locations:
    """Tells where operations are called, as `path:line`."""

    calls: Sequence[tuple[str, NamedCall]] = ()
    _known: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, operation: Operation) -> list[str]:
        """All places that it may be called at: mostly one; none where its name is not written anywhere."""
        called = _CALLED.get(operation.sub_type or "", _CALLED_OTHERWISE.get(operation.operation_type, ""))
        if not (operation.name and called):
            return []
        asked = called, operation.name
        if asked not in self._known:
            self._known[asked] = self._places(*asked)
        return self._known[asked]

    def _places(self, called: str, name: str) -> list[str]:
        same = [(path, call) for path, call in self.calls if call.called == called]
        exact = [place for place in same if place[1].name == name]
        like = [place for place in same if not isinstance(place[1].name, str) and place[1].name.fullmatch(name)]
        return [f"{path}:{call.line}" for path, call in exact or like]


def locations(runtime: LocalRuntime, function: str) -> Locations:
    """Those in the code of a function, if this server hosts it."""
    hosted = runtime.functions.get(function)
    if not isinstance(hosted, Function) or hosted.code is None:
        return Locations()
    code = hosted.code.resolve()
    return Locations([(_shown(path, code), call) for path in _modules(code) for call in _calls(path)])


def _modules(code: Path) -> Iterator[Path]:
    """All modules of a package, or a module with those beside it."""
    found = sorted(code.rglob("*.py") if code.is_dir() else code.parent.glob("*.py"))
    yield from found[:_MOST_FILES]


def _shown(path: Path, code: Path) -> str:
    project = Path.cwd()
    return str(path.relative_to(project if path.is_relative_to(project) else code.parent))


def _calls(path: Path) -> Sequence[NamedCall]:
    try:
        told = path.stat()
    except OSError:  # it has gone meanwhile
        return ()
    return _read(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=2 * _MOST_FILES)
def _read(path: Path, _changed: int, _size: int) -> Sequence[NamedCall]:
    with suppress(OSError, SyntaxError, ValueError, RecursionError):  # a source that cannot be read tells nothing
        return tuple(named_calls(path.read_bytes()))
    return ()
