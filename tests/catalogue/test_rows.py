"""The rows of the failure catalogue about the core are 1 to 71, and each has a test that bears its number."""

import ast
import re
from pathlib import Path

ROWS = range(1, 72)
_NUMBERED = re.compile(r"test_(\d+)_\w+")


def rows_of(module: Path) -> list[int]:
    """The numbers of a module's tests, in their order."""
    names = [node.name for node in ast.parse(module.read_text()).body if isinstance(node, ast.FunctionDef)]
    return [int(found[1]) for name in names if (found := _NUMBERED.fullmatch(name))]


def test_every_row_has_a_test() -> None:
    modules = [rows_of(module) for module in Path(__file__).parent.glob("test_*.py")]

    assert sorted({row for rows in modules for row in rows}) == list(ROWS)
    assert all(rows == sorted(rows) for rows in modules)
