"""The Lambda artifact, built as `make build` builds it."""

import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import python313

ROOT = Path(__file__).parent.parent.parent
HOST_ARCHITECTURE = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"

Build = Callable[[str], Path]


@pytest.fixture(scope="session")
def lambda_python() -> Path:
    """The Python that Lambda runs."""
    found = python313.find()
    if found is None:
        pytest.skip(python313.MISSING)
    return found


@pytest.fixture(scope="session")
def build(lambda_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the pipeline's artifact for an architecture, once."""
    built: dict[str, Path] = {}

    def artifact(architecture: str) -> Path:
        if architecture not in built:
            folder = tmp_path_factory.mktemp("build") / architecture
            command = [sys.executable, "-m", "tools.build", "--architecture", architecture, "--into", str(folder)]
            process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert process.returncode == 0, process.stdout + process.stderr
            built[architecture] = folder / "PipelineFunction"
        return built[architecture]

    return artifact


@pytest.fixture(scope="session")
def artifact(build: Build) -> Path:
    """The artifact that can run here."""
    return build(HOST_ARCHITECTURE)


@pytest.fixture(scope="session")
def bare_python(lambda_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lambda's Python with its runtime client, and nothing of what the artifact must bring along.

    It writes no bytecode: Lambda's cannot write beside the code, and other tests ask what was built.
    """
    folder = tmp_path_factory.mktemp("python") / "bare"
    subprocess.check_call([lambda_python, "-m", "venv", "--without-pip", folder])
    python = folder / "bin/python"
    (library,) = folder.glob("lib/python*/site-packages")
    (library / "sitecustomize.py").write_text("import sys\n\nsys.dont_write_bytecode = True\n")
    install = [sys.executable, "-m", "uv", "--quiet", "--system-certs", "pip", "install", "--python", str(python)]
    subprocess.check_call([*install, "--constraint", ROOT / "requirements-local.txt", "awslambdaric"])
    return python
