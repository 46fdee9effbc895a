"""Validates the template and builds the Lambda artifact with SAM, in an environment of SAM's own, and the index in it.

SAM's dependencies disagree with the project's. The environment is made with Python 3.13, so that on its PATH SAM also
finds the interpreter that the template's runtime asks for.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tools import knowledge, python313

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ".venv-sam"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", choices=["arm64", "x86_64"], help="instead of the template's default")
    parser.add_argument("--into", default=".aws-sam/build", help="the folder of the artifact")
    arguments = parser.parse_args()
    python = python313.find()
    if python is None:
        print(python313.MISSING, file=sys.stderr)
        return 1
    try:
        subprocess.check_call([python, ROOT / "tools" / "venv.py", ENVIRONMENT, "requirements-sam.txt"])
        knowledge.main()
        sam("validate", "--lint")
        sam("build", "--build-dir", arguments.into, *overrides(arguments.architecture))
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


def overrides(architecture: str | None) -> list[str]:
    return ["--parameter-overrides", f"Architecture={architecture}"] if architecture else []


def sam(*arguments: str) -> None:
    """Run SAM as a person would at the project's root, telemetry off."""
    tools = ROOT / ENVIRONMENT / "bin"
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    subprocess.check_call([tools / "sam", *arguments], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
