"""The requirements as data: where they lie, and with their variables filled in."""

import functools
import importlib.util
import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
BESIDE = ROOT.parent / "shared" / "conformance" / "requirements"
PACKAGE = "aws_durable_execution_conformance_tests"
HOW_TO_GET_THEM = (
    f"the requirements lie neither in ../shared nor in the package {PACKAGE}: make conformance installs it"
)
_GENERATED = re.compile(r"\$\{GEN_STR:(\d+)\}")
_VARIABLE = re.compile(r"\$\{([A-Z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement; its members are those of the file."""

    id: str
    members: dict[str, Any]

    def __str__(self) -> str:
        """What it asks for, in its own words."""
        return f"{self.id} {self.members['description']}\n{self.members['handler']}\n{self.members['invocations']}"

    def get(self, member: str, default: Any = None) -> Any:
        """A member of the file, or the default where there is none."""
        return self.members.get(member, default)


def files() -> list[Path]:
    """The files of all requirements, those with low numbers first; empty where there are none."""
    folder = next((each for each in _folders() if each.is_dir()), None)
    return sorted(folder.rglob("*.yaml"), key=_number) if folder else []


def read(file: Path) -> Requirement:
    """A requirement with fresh values in the place of its variables."""
    members = yaml.safe_load(file.read_text(encoding="utf-8"))
    variables = {name: _map_texts(value, _generate) for name, value in (members.get("Variables") or {}).items()}
    fill = functools.partial(_fill, variables)
    return Requirement(file.stem, _map_texts(members, fill))


def _folders() -> Iterator[Path]:
    yield BESIDE
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec and spec.submodule_search_locations) or ():
        yield from Path(location).rglob("*requirements")


def _number(file: Path) -> list[int]:
    return [int(part) for part in file.stem.split("-")]


def _map_texts(value: Any, change: Callable[[str], Any]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _map_texts(member, change) for name, member in value.items()}
    if isinstance(value, list):
        return [_map_texts(member, change) for member in value]
    return value


def _generate(text: str) -> str:
    letters = string.ascii_letters + string.digits
    return _GENERATED.sub(lambda found: "".join(random.choices(letters, k=int(found[1]))), text)  # noqa: S311


def _fill(variables: dict[str, Any], text: str) -> Any:
    whole = _VARIABLE.fullmatch(text)
    if whole and whole[1] in variables:
        return variables[whole[1]]
    return _VARIABLE.sub(lambda found: str(variables.get(found[1], found[0])), text)
