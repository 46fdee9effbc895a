"""Every test of the template notices some mistake in it."""

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.template.mutations import Mutation, read


def found() -> dict[str, Callable[..., None]]:
    """The tests that are about a deployment, by name."""
    modules = [import_module(f"tests.template.{path.stem}") for path in Path(__file__).parent.glob("test_*.py")]
    tests = [each for module in modules for name, each in vars(module).items() if name.startswith("test_")]
    return {each.__name__: each for each in tests if "template" in inspect.signature(each).parameters}


TESTS = found()


@pytest.mark.parametrize("mutation", read(), ids=str)
def test_a_mistake_is_noticed(mutation: Mutation, request: pytest.FixtureRequest) -> None:
    test = TESTS[mutation.noticed_by]
    others = [name for name in inspect.signature(test).parameters if name != "template"]
    given: dict[str, Any] = {name: request.getfixturevalue(name) for name in others}

    with pytest.raises(AssertionError):
        test(template=mutation.template(), **given)


def test_every_test_has_a_mistake_to_notice() -> None:
    assert {each.noticed_by for each in read()} == set(TESTS)
