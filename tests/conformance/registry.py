"""Which handler answers which requirement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from durable_local.hosts.loading import Handler

H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Case:
    """A requirement's handler, and what it needs around it."""

    requirement: str
    handler: Handler
    targets: Mapping[str, Handler]
    """Durable functions that the handler invokes, by name."""
    dies: bool
    """Whether the handler ends its process, so that it must have one of its own."""

    @property
    def path(self) -> str:
        """Where the handler is found again, in this process or another."""
        return _path(self.handler)


HANDLERS: dict[str, Case] = {}
"""All cases by the id of their requirement, such as 1-1."""


def conforms(requirement: str, *, targets: Mapping[str, Handler] | None = None, dies: bool = False) -> Callable[[H], H]:
    """Register a module's handler as the one for a requirement, and return it unchanged."""

    def register(handler: H) -> H:
        case = Case(requirement, handler, targets or {}, dies)
        known = HANDLERS.setdefault(requirement, case)
        if known.path != case.path:
            raise ValueError(f"Requirement {requirement} has two handlers: {known.path} and {case.path}")
        HANDLERS[requirement] = case
        return handler

    return register


def _path(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"
