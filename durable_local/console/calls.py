"""The calls in a module that name operations: read from its source, which is never imported."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ANYTHING = ".*"
_NAMES_AT = {
    "step": 1,
    "wait": 1,
    "create_callback": 0,
    "wait_for_callback": 1,
    "wait_for_condition": 2,
    "invoke": 2,
    "run_in_child_context": 1,
    "map": 2,
    "parallel": 1,
    "ParallelBranch": 1,
    "durable_parallel_branch": 0,
}
"""Where among the arguments of a call the name of an operation stands."""
_DECORATED_AT = {"step": 0, "wait_for_callback": 0, "run_in_child_context": 0, "map": 1}
"""Where stands what was decorated, whose name an operation takes that is given none."""


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call in a line, by the name of what is called, and the name that it gives: a text or, with gaps, a pattern."""

    called: str
    name: str | re.Pattern[str]
    line: int


def named_calls(source: bytes) -> Iterator[NamedCall]:
    """The calls of a module. Raises SyntaxError or ValueError for what is no Python."""
    tree = ast.parse(source)
    reading = _Reading(dict(_constants(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (called := _last_name(node.func)) in _NAMES_AT:
            name = reading.name_given(called, node)
            if name is not None:
                yield NamedCall("ParallelBranch" if called == "durable_parallel_branch" else called, name, node.lineno)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads names; `constants` are the texts that a module has given names to."""

    constants: Mapping[str, str] = field(default_factory=dict)

    def name_given(self, called: str, call: ast.Call) -> str | re.Pattern[str] | None:
        """The name that a call gives to its operation, as far as it is written there."""
        given = _argument(call, _NAMES_AT[called], "name")
        if given is None:
            decorated = _argument(call, _DECORATED_AT[called], "func") if called in _DECORATED_AT else None
            return _last_name(decorated.func) if isinstance(decorated, ast.Call) else None
        parts = list(self._parts(given))
        if None not in parts:
            return "".join(part or "" for part in parts)
        if not any(letter.isalnum() for part in parts for letter in part or ""):
            return None
        return re.compile("".join(_ANYTHING if part is None else re.escape(part) for part in parts), re.DOTALL)

    def _parts(self, node: ast.expr) -> Iterator[str | None]:
        """The texts that a name is made of; None stands for what only the run knows."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=values):
                for each in values:
                    yield from self._parts(each)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self._parts(left)
                yield from self._parts(right)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                yield from self._parts(value)
            case ast.Name(id=name):
                yield self.constants.get(name)
            case _:
                yield None


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    named = next((each.value for each in call.keywords if each.arg == name), None)
    return named or (call.args[position] if position < len(call.args) else None)


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return None
