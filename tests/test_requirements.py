"""The pinned requirement files against pyproject.toml, without asking any index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
RUNTIME, LOCAL, DEV = "requirements.txt", "requirements-local.txt", "requirements-dev.txt"
SAM, BENCH, CDK, TOOLS = (f"requirements-{group}.txt" for group in ("sam", "bench", "cdk", "tools"))
FILES = [RUNTIME, LOCAL, DEV, SAM, BENCH, CDK, TOOLS]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

PIN = re.compile(
    r"^(?P<pin>[a-z0-9][^\s]*(?: ; .*?)?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def entries(file: str) -> list[str]:
    """Return the file's lines that begin a requirement."""
    return [line for line in (ROOT / file).read_text().splitlines() if line and line[0] not in " #"]


def pins(file: str) -> list[Requirement]:
    """Return the requirements that carry hashes; a name may have one version per Python."""
    return [Requirement(match["pin"]) for match in PIN.finditer((ROOT / file).read_text())]


def names(file: str) -> set[str]:
    return {pin.name for pin in pins(file)}


def version(pin: Requirement) -> str:
    [specifier] = pin.specifier
    assert specifier.operator == "==", f"{pin} is not pinned to one version"
    return specifier.version


def asked(*extras: str) -> list[Requirement]:
    optional = PROJECT["project"]["optional-dependencies"]
    lists = [PROJECT["project"]["dependencies"], *(optional[extra] for extra in extras)]
    return [Requirement(line) for lines in lists for line in lines]


def grouped(group: str) -> list[Requirement]:
    return [Requirement(line) for line in PROJECT["dependency-groups"][group]]


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        (RUNTIME, asked()),
        (LOCAL, asked("local")),
        (DEV, asked("local", "dev")),
        (SAM, grouped("sam")),
        (BENCH, grouped("bench")),
        (CDK, grouped("cdk")),
        (TOOLS, grouped("tools")),
    ],
)
def test_the_pins_satisfy_what_the_project_asks_for(file: str, wanted: list[Requirement]) -> None:
    assert not {want.name for want in wanted} - names(file), f"{file} is out of date: run make requirements"
    too_old = [
        f"{pin}, where {want} is asked for"
        for want in wanted
        for pin in pins(file)
        if pin.name == want.name and not want.specifier.contains(version(pin))
    ]
    assert not too_old, f"{file} is out of date: run make requirements"


@pytest.mark.parametrize(("smaller", "larger"), [(RUNTIME, LOCAL), (LOCAL, DEV), (BENCH, DEV)])
def test_the_larger_environment_holds_the_smaller_one(smaller: str, larger: str) -> None:
    differing = set(map(str, pins(smaller))) - set(map(str, pins(larger)))

    assert not differing, f"{smaller} and {larger} disagree: run make requirements"


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_one_version_with_its_hashes(file: str) -> None:
    pinned = pins(file)

    assert len(pinned) == len(entries(file)) > 0
    assert all(version(pin) for pin in pinned)


@pytest.mark.parametrize("file", FILES)
def test_no_requirement_file_names_an_address_or_a_folder(file: str) -> None:
    text = (ROOT / file).read_text()

    assert "://" not in text
    assert "-index" not in text
    assert not re.search(r"(^|\s)(/|file:|-e|--find)", text)


def test_the_runtime_needs_nothing_that_only_a_desk_has() -> None:
    assert not {"moto", "pytest", "rich", "typer", "uv"} & names(RUNTIME)
