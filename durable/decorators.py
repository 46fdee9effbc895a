"""Decorators that turn a function into what an operation takes, with its other arguments bound."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from durable.config import ParallelBranch
from durable.types import DurableContext, StepContext, WaitForCallbackContext

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")


def durable_step(func: Callable[Concatenate[StepContext, P], T]) -> Callable[P, Callable[[StepContext], T]]:
    """Make a function of a step context one for `context.step`, with its other arguments bound."""
    return _bound(func)


def durable_with_child_context(
    func: Callable[Concatenate[DurableContext, P], T],
) -> Callable[P, Callable[[DurableContext], T]]:
    """Make a function of a durable context one for `context.run_in_child_context`, with its other arguments bound."""
    return _bound(func)


def durable_wait_for_callback(
    func: Callable[Concatenate[str, WaitForCallbackContext, P], T],
) -> Callable[P, Callable[[str, WaitForCallbackContext], T]]:
    """Make a function of a callback's id one for `context.wait_for_callback`, with its other arguments bound."""

    def bind(*args: P.args, **kwargs: P.kwargs) -> Callable[[str, WaitForCallbackContext], T]:
        def submit(callback_id: str, context: WaitForCallbackContext) -> T:
            return func(callback_id, context, *args, **kwargs)

        return _named(submit, func)

    return functools.wraps(func)(bind)


def durable_parallel_branch(
    name: str | None = None,
) -> Callable[[Callable[Concatenate[DurableContext, P], T]], Callable[P, ParallelBranch[T]]]:
    """Make a function of a durable context a branch for `context.parallel`, with its other arguments bound."""

    def decorate(func: Callable[Concatenate[DurableContext, P], T]) -> Callable[P, ParallelBranch[T]]:
        def bind(*args: P.args, **kwargs: P.kwargs) -> ParallelBranch[T]:
            return ParallelBranch(lambda context: func(context, *args, **kwargs), name)

        return functools.wraps(func)(bind)

    return decorate


def _bound(func: Callable[Concatenate[U, P], T]) -> Callable[P, Callable[[U], T]]:
    def bind(*args: P.args, **kwargs: P.kwargs) -> Callable[[U], T]:
        return _named(lambda context: func(context, *args, **kwargs), func)

    return functools.wraps(func)(bind)


def _named(bound: U, func: Callable[..., T]) -> U:
    bound._original_name = func.__name__  # type: ignore[attr-defined]
    return bound
