"""Copies of the application that a test may change, and runs them in a process of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import app

ROOT = Path(app.__path__[0]).parent
OFFICIAL = "aws_durable_execution_sdk_python"
EXTRAS = "durable_extras"
TOLD = """
operations = result.get_all_operations() if official else result.operations
names = {each.operation_id: each.name for each in operations}
tree = [[each.name, names.get(each.parent_id), getattr(each.status, "value", each.status)] for each in operations]
answer = json.loads(result.result) if official else result.result
print(json.dumps({"status": getattr(result.status, "value", result.status), "result": answer, "tree": tree}),
    file=sys.stderr)
"""
"""The end of a script that tells what a runner's `result` is; `official` says whose runner it was."""


def copy_application(folder: Path) -> Path:
    """Copy `app` and the sample data; the durable core stays where it is."""
    for name in ("app", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def move_to_official_sdk(folder: Path) -> None:
    """Change the import root of the durable core, and nothing else; the extras, which AWS's SDK lacks, come along."""
    shutil.copytree(ROOT / "durable" / "extras", folder / EXTRAS, ignore=shutil.ignore_patterns("__pycache__"))
    for module in [*(folder / "app").rglob("*.py"), *(folder / EXTRAS).rglob("*.py")]:
        text = re.sub(r"^from durable\.extras\b", f"from {EXTRAS}", module.read_text(), flags=re.MULTILINE)
        module.write_text(re.sub(r"^(from|import) durable\b", rf"\1 {OFFICIAL}", text, flags=re.MULTILINE))


def run_in(folder: Path, script: str, **environment: str) -> dict[str, Any]:
    """What a script prints as JSON on its error stream, run on the copy."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environment, "PYTHONPATH": path, "APP_STORAGE_ROOT": str(folder / "results")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stderr.splitlines()[-1])
    return told


def documents(folder: Path) -> dict[str, str]:
    """Every document that a run kept, by its key without the execution's name."""
    results = folder / "results"
    found = [path.relative_to(results) for path in results.rglob("*") if path.is_file()]
    return {"/".join((path.parts[0], *path.parts[2:])): (results / path).read_text() for path in found}
