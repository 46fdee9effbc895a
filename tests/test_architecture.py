"""What the import contracts in .importlinter cannot say."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOTS = ["app", "durable", "durable_local", "tools"]

PURE = {
    "array",
    "collections",
    "dataclasses",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "json",
    "math",
    "re",
    "string",
    "types",
    "typing",
}
"""What the domain may import: no I/O, no clock, no chance."""

LONGEST_MODULE = 300
LONGEST_FUNCTION = 45

DECISIONS = (ast.If, ast.IfExp, ast.Match, ast.For, ast.While, ast.Try)


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def name(module: Path) -> str:
    return str(module.relative_to(ROOT))


def nodes(module: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(module.read_text()))


def imported(module: Path) -> Iterator[str]:
    for node in nodes(module):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=str(source)):
                yield source


@pytest.mark.parametrize("module", modules("app/domain"), ids=name)
def test_the_domain_imports_itself_and_what_is_pure(module: Path) -> None:
    foreign = {source for source in imported(module) if not source.startswith("app.domain")}

    assert {source.partition(".")[0] for source in foreign} <= PURE


@pytest.mark.parametrize("module", modules("app/entrypoints"), ids=name)
def test_an_entrypoint_decides_nothing(module: Path) -> None:
    assert not [ast.unparse(node) for node in nodes(module) if isinstance(node, DECISIONS)]


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    lengths = {name(module): len(module.read_text().splitlines()) for root in ROOTS for module in modules(root)}

    assert not {module: lines for module, lines in lengths.items() if lines > LONGEST_MODULE}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{name(module)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for root in ROOTS
        for module in modules(root)
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert not {function: lines for function, lines in lengths.items() if lines > LONGEST_FUNCTION}


def test_every_part_of_the_local_runtime_has_its_line() -> None:
    section = (ROOT / "docs/architecture.md").read_text().partition("## The local runtime")[2].partition("\n## ")[0]
    packages = {f"{path.parent.name}/" for path in (ROOT / "durable_local").glob("*/__init__.py")}
    alone = {path.stem for path in (ROOT / "durable_local").glob("[a-z]*.py")}

    assert not {part for part in packages | alone if f"`{part}`" not in section}


def test_the_durable_core_imports_alone_in_a_bare_interpreter(tmp_path: Path) -> None:
    """Without site-packages there is no boto3, so nothing imports it before a client is asked for."""
    shutil.copytree(ROOT / "durable", tmp_path / "durable", ignore=shutil.ignore_patterns("extras", "__pycache__"))
    core = [".".join(path.relative_to(tmp_path).with_suffix("").parts) for path in tmp_path.rglob("*.py")]
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {', '.join(core)}"

    bare = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert bare.returncode == 0, bare.stderr
