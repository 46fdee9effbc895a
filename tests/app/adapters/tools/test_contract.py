"""What every tool promises; each test runs on all of them."""

import json

import pytest

from app.ports.tools import ToolError
from tests.app.adapters.tools.conftest import Given, use


def test_a_tool_answers_in_json(given: Given) -> None:
    assert json.loads(given.tool.use(use(**given.good)))


def test_a_tool_names_the_inputs_that_it_needs(given: Given) -> None:
    description = given.tool.description

    assert set(description.inputs) == set(given.good)
    assert description.name.isidentifier()
    assert description.purpose.endswith(".")


def test_what_a_tool_cannot_use_is_told(given: Given) -> None:
    for inputs in given.bad:
        with pytest.raises(ToolError):
            given.tool.use(use(**inputs))
