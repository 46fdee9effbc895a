from typing import Any

import pytest

from durable.exceptions import PluginLoadError
from durable.execution import durable_execution
from durable.plugin import DurableInstrumentationPlugin, PropagationInput, UserFunctionOutcome
from tests.durable.execution import ExecutionUnderTest
from tests.durable.listening import Listeners, run


def nothing(_event: object, _context: object) -> None:
    """Do nothing."""


class Silent(DurableInstrumentationPlugin):
    """Overrides no hook, and makes itself."""

    def create_plugin(self, _info: object) -> "Silent":
        return self


def test_no_hook_needs_to_be_overridden() -> None:
    def program(_event: object, context: Any) -> object:
        return context.step(lambda _: 1, name="s")

    execution = ExecutionUnderTest()

    assert run(program, [Silent()], execution).result == "1"


def test_a_plugin_knows_no_trace_unless_it_says_so() -> None:
    asked = PropagationInput("arn", "id-1", "target")

    assert DurableInstrumentationPlugin().provide_propagation_metadata(asked) is None


class Misspelt:
    """A factory whose method is none."""

    create_plugin = "text"


@pytest.mark.parametrize("factory", [object(), None, DurableInstrumentationPlugin(), Misspelt()])
def test_what_makes_no_plugin_is_refused_where_the_function_is_decorated(factory: Any) -> None:
    with pytest.raises(PluginLoadError, match="a factory has the method create_plugin"):
        durable_execution(nothing, plugins=[Listeners(), factory])

    with pytest.raises(PluginLoadError, match="makes no plugin"):
        durable_execution(plugins=[factory])(nothing)


@pytest.mark.parametrize("plugins", [None, []])
def test_no_plugins_are_needed(plugins: Any) -> None:
    assert callable(durable_execution(nothing, plugins=plugins))


def test_a_user_function_ends_in_one_of_three_ways() -> None:
    assert [outcome.value for outcome in UserFunctionOutcome] == ["SUCCEEDED", "FAILED", "INCOMPLETE"]
