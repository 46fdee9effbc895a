"""Fixtures for pytest: runners that end with their test, and leave no module behind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from durable_local.hosts.loading import Handler
from durable_local.hosts.loading import cold as loader
from durable_local.testing.modules import forgotten
from durable_local.testing.runner import DurableFunctionTestRunner


@pytest.fixture
def durable_runner() -> Iterator[Callable[..., DurableFunctionTestRunner]]:
    """Makes a runner for a handler, with the settings of `DurableFunctionTestRunner`."""
    with ExitStack() as running:

        def runner(handler: Handler, **settings: Any) -> DurableFunctionTestRunner:
            return running.enter_context(DurableFunctionTestRunner(handler, **settings))

        yield runner


@pytest.fixture
def cold() -> Iterator[Callable[..., DurableFunctionTestRunner]]:
    """Makes a runner for a handler named by its path, whose module and container are made anew for each invocation."""
    with ExitStack() as running:

        def runner(path: str, *packages: str, **settings: Any) -> DurableFunctionTestRunner:
            running.enter_context(forgotten(path.partition(".")[0], *packages))
            return running.enter_context(DurableFunctionTestRunner(loader=loader(path, packages), **settings))

        yield runner
