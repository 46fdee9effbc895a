"""What functions must agree on to run in one process: its environment, and its modules."""

import os
import sys
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from types import ModuleType

from durable_local.hosts.environment import of_every_function
from durable_local.hosts.loading import Handler, load
from durable_local.template.function import TemplateFunction

_WAY_OUT = "run each in processes of its own: --host processes"


class ConflictError(Exception):
    """The functions cannot share this process."""


def share(functions: Iterable[TemplateFunction], endpoint: str | None) -> dict[str, Handler]:
    """Make this process one in which all functions run; their handlers by name. Raises ConflictError if it cannot be.

    Raises HandlerNotFoundError, and whatever importing a module raises.
    """
    functions = list(functions)
    _check_environments(functions)
    if endpoint:
        os.environ.update(of_every_function(endpoint))
    for function in functions:
        os.environ.update(function.variables)
    return {function.name: _imported(function) for function in functions}


def _check_environments(functions: Iterable[TemplateFunction]) -> None:
    for one, other in combinations(functions, 2):
        both = one.variables.keys() & other.variables.keys()
        if differing := sorted(name for name in both if one.variables[name] != other.variables[name]):
            raise ConflictError(
                f"{one.name} and {other.name} give different values to {', '.join(differing)}, and threads "
                f"share one environment; {_WAY_OUT}"
            )


def _imported(function: TemplateFunction) -> Handler:
    folder = str(function.code.resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    handler = load(function.handler)
    _check_origin(function, sys.modules)
    return handler


def _check_origin(function: TemplateFunction, modules: Mapping[str, ModuleType]) -> None:
    name = function.handler.replace("/", ".").rpartition(".")[0]
    origin = modules[name].__file__
    wanted = function.code.joinpath(*name.split("."))
    candidates = {wanted.with_suffix(".py").resolve(), (wanted / "__init__.py").resolve()}
    if origin is None or Path(origin).resolve() not in candidates:
        raise ConflictError(
            f"{function.name} needs module {name} of {function.code}, but here it is that of {origin}; {_WAY_OUT}"
        )
