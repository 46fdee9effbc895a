"""The bill of materials, and the audit of what is pinned, as far as either goes without a network."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT
from tests.fakes.http_server import Answer, Server, serving

pytestmark = pytest.mark.slow

PINS = re.compile(r"^([a-z0-9-]+)==(\S+)((?:.*\n +--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)
VALID = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())
sys.exit(fault and str(fault))
"""
KNOWN = {
    "id": "PYSEC-2026-1",
    "affected": [{"package": {"name": "any", "ecosystem": "PyPI"}, "versions": ["1"], "ranges": []}],
}


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make sbom` writes; the make that runs this test is not its parent."""
    file = tmp_path_factory.mktemp("sbom") / "sbom.json"
    environment = {key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MAKELEVEL"}}
    command = ["make", "sbom", f"PYTHON={sys.executable}", f"INTO={file}"]
    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    return file


def test_the_bill_of_materials_lists_what_is_pinned_for_the_artifact_with_its_hashes(bill: Path) -> None:
    pinned = {
        (name, version): set(re.findall(r"sha256:(\w+)", hashes))
        for name, version, hashes in PINS.findall((ROOT / "requirements.txt").read_text())
    }

    listed = {(each["name"], each["version"]): hashes(each) for each in json.loads(bill.read_text())["components"]}

    assert listed == pinned
    assert len(pinned) > 10


def hashes(component: Any) -> set[str]:
    (distribution,) = component["externalReferences"]
    return {each["content"] for each in distribution["hashes"]}


def test_the_bill_of_materials_is_valid_by_its_schema(bill: Path) -> None:
    def checked(text: str) -> int:
        command = [str(ROOT / ".venv-tools/bin/python"), "-c", VALID]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False).returncode

    text = bill.read_text()

    assert checked(text) == 0
    assert checked(text.replace('"type": "library"', '"type": "novel"', 1)) == 1


def test_the_bill_of_materials_names_no_address_but_the_public_index_and_no_folder_of_a_machine(bill: Path) -> None:
    text = bill.read_text()

    assert {"https://pypi.org/simple/boto3/"} <= set(re.findall(r"https://pypi.org/[^\"]+", text))
    assert "file:" not in text
    assert str(ROOT) not in text


@pytest.fixture
def osv() -> Iterator[Server]:
    """What only looks like OSV."""
    with serving() as server:
        yield server


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """Two packages."""
    file = tmp_path / "requirements-two.txt"
    file.write_text("".join(f"{name}==1 \\\n    --hash=sha256:{'0' * 64}\n" for name in ("tea", "cup")))
    return file


def audit(service: str, *files: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tools.audit", "--service", service, *map(str, files)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_audit_asks_about_each_package_and_passes_if_nothing_is_known(osv: Server, pins: Path) -> None:
    osv.answer("/v1/query", Answer("{}"))

    ran = audit(f"{osv.url}v1/query", pins)

    assert (ran.returncode, ran.stdout) == (0, "requirements-two.txt: nothing is known of any package in it\n")
    assert len(osv.asked) == 2


def test_an_audit_fails_by_the_name_of_a_vulnerability_that_is_known(osv: Server, pins: Path) -> None:
    osv.answer("/v1/query", Answer("{}"), Answer(json.dumps({"vulns": [KNOWN]})))

    ran = audit(f"{osv.url}v1/query", pins)

    assert ran.returncode == 1
    assert re.search(r"^(tea|cup) +1 +PYSEC-2026-1", ran.stdout, re.MULTILINE)


def test_an_audit_without_a_network_says_so_and_does_not_pass(pins: Path) -> None:
    ran = audit("http://127.0.0.1:9/v1/query", pins, pins)

    assert ran.returncode == 2
    assert ran.stdout.count("not audited, for http://127.0.0.1:9/v1/query gave no answer") == 1
    assert "make audit needs the network" in ran.stdout


def test_an_audit_looks_at_every_requirement_file_of_the_project(osv: Server) -> None:
    osv.answer("/v1/query", Answer("{}"))

    ran = audit(f"{osv.url}v1/query")

    assert ran.returncode == 0, ran.stdout
    assert set(re.findall(r"^(\S+):", ran.stdout, re.MULTILINE)) == {
        path.name for path in ROOT.glob("requirements*.txt")
    }
