"""Finds the Python that Lambda runs, which `sam build` needs to choose wheels by.

A `python3.13` on the PATH may be pyenv's shim, which answers only where that version is selected; so each
candidate is asked to run, and pyenv's versions are looked through as well.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

MISSING = "No Python 3.13 answers here, on the PATH or among pyenv's versions; sam build needs the one that Lambda runs"


def find() -> Path | None:
    """Return the first Python 3.13 that runs, or nothing."""
    return next((python for python in _candidates() if _runs(python)), None)


def _candidates() -> Iterator[Path]:
    for folder in os.get_exec_path():
        yield Path(folder) / "python3.13"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in sorted(pyenv.glob("versions/3.13*")):
        yield version / "bin" / "python3.13"


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0
