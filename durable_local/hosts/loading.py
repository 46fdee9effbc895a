"""How a handler is found by its name, warm or cold."""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

Handler = Callable[[Any, Any], Any]
Loader = Callable[[], Handler]


class HandlerNotFoundError(Exception):
    """There is no such handler."""


def load(path: str) -> Handler:
    """The handler that a path names as Lambda spells it: a module or its file's path, a dot, a function in it."""
    module_name, _, attribute = path.replace("/", ".").rpartition(".")
    if not module_name:
        raise HandlerNotFoundError(
            f"{path!r} names no handler; write module.function, like app.entrypoints.pipeline.handler"
        )
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise HandlerNotFoundError(f"There is no module {error.name} to find the handler {path} in") from error
    handler = getattr(module, attribute, None)
    if not callable(handler):
        raise HandlerNotFoundError(f"Module {module_name} has no function {attribute}")
    return handler  # type: ignore[no-any-return]


def warm(handler: Handler) -> Loader:
    """The same handler for every invocation, as in a sandbox that is used again."""
    return lambda: handler


def cold(path: str, packages: Sequence[str] = ()) -> Loader:
    """A handler imported anew for every invocation, so that nothing of the one before is left.

    Forgotten are the handler's own top package and the further ones named. One invocation at a time.
    """
    roots = {path.partition(".")[0], *packages}

    def fresh() -> Handler:
        for name in [name for name in sys.modules if name.partition(".")[0] in roots]:
            del sys.modules[name]
        importlib.invalidate_caches()
        return load(path)

    return fresh
