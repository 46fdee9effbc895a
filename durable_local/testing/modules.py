"""The modules that cold mode imports anew."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def forgotten(*packages: str) -> Iterator[None]:
    """Put back the modules of top packages as they were, whatever is imported of them meanwhile."""
    before = _modules(packages)
    try:
        yield
    finally:
        for name in _modules(packages):
            del sys.modules[name]
        sys.modules.update(before)


def _modules(packages: tuple[str, ...]) -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}
