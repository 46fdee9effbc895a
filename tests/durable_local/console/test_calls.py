import re

import pytest

from durable_local.console.calls import NamedCall, named_calls


def told(source: str) -> list[tuple[str, str]]:
    """What is called, and the name that is given; of a pattern its text."""
    return [
        (call.called, call.name.pattern if isinstance(call.name, re.Pattern) else call.name)
        for call in named_calls(source.encode())
    ]


@pytest.mark.parametrize(
    ("call", "called"),
    [
        ("context.step(charge, 'x')", "step"),
        ("self.context.step(charge, config=c, name='x')", "step"),
        ("context.wait(Duration(1), 'x')", "wait"),
        ("context.create_callback('x')", "create_callback"),
        ("context.wait_for_callback(submit, 'x')", "wait_for_callback"),
        ("context.wait_for_condition(check, config, 'x')", "wait_for_condition"),
        ("context.invoke('function', payload, 'x')", "invoke"),
        ("child.run_in_child_context(body, 'x')", "run_in_child_context"),
        ("context.map(items, body, 'x')", "map"),
        ("context.parallel(branches, 'x')", "parallel"),
        ("ParallelBranch(body, 'x')", "ParallelBranch"),
        ("durable_parallel_branch('x')", "ParallelBranch"),
    ],
)
def test_each_operation_is_named_by_its_call(call: str, called: str) -> None:
    assert told(call) == [(called, "x")]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("'a' 'b'", "ab"),
        ("NAME", "charge"),
        ("f'{NAME}-now'", "charge-now"),
        ("'a-' + NAME", "a-charge"),
        ("f'item-{number}'", r"item\-.*"),
        ("f'{number:03}.item'", r".*\.item"),
        ("'item-' + str(number)", r"item\-.*"),
    ],
)
def test_a_name_is_read_as_far_as_it_is_written(name: str, read: str) -> None:
    assert told(f"NAME = 'charge'\ncontext.step(charge, {name})") == [("step", read)]


@pytest.mark.parametrize(
    "source",
    [
        "context.step(charge, name)",
        "context.step(charge, f'{one}-{other}')",
        "context.step(charge)",
        "context.step(lambda _: 1)",
        "context.step()",
        "context.save(charge, 'x')",
        "step = 'x'",
        "",
    ],
)
def test_a_name_that_is_not_written_is_not_told(source: str) -> None:
    assert told(source) == []


def test_what_was_decorated_gives_its_own_name() -> None:
    assert told("context.step(shop.charge(order))\ncontext.step(charge(order), 'x')") == [
        ("step", "charge"),
        ("step", "x"),
    ]


def test_a_call_of_several_lines_is_where_it_begins() -> None:
    source = b"\n\nresult = (\n    context.step(\n        charge,\n        'x',\n    )\n)"

    assert list(named_calls(source)) == [NamedCall("step", "x", 4)]


@pytest.mark.parametrize("source", [b"def", b"\x00", b"# coding: nothing", b"\xff = 1"])
def test_what_is_no_python_is_an_error(source: bytes) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        list(named_calls(source))
