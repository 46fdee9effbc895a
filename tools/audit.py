"""Asks OSV whether vulnerabilities are known of any package that a requirement file pins: make audit.

Each package's name and version go to the service, so this alone needs the network. pip-audit does it, in an environment
of its own.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ".venv-tools"
OSV = "https://api.osv.dev/v1/query"
UNREACHABLE = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.audit", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="requirement files with hashes; all of the project's")
    parser.add_argument("--service", default=OSV, help="where OSV's query is answered")
    asked = parser.parse_args()
    try:
        subprocess.check_call([sys.executable, ROOT / "tools/venv.py", ENVIRONMENT, "requirements-tools.txt"])
    except subprocess.CalledProcessError as error:
        return error.returncode
    worst = 0
    for file in asked.files or sorted(ROOT.glob("requirements*.txt")):
        worst = max(worst, audited(file, asked.service))
        if worst == UNREACHABLE:
            break
    return worst


def audited(file: Path, service: str) -> int:
    """0 if nothing is known of the packages in a file, 1 if something is, 2 if nobody could tell."""
    print(f"{file.name}: ", end="", flush=True)
    options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    pip_audit = [str(ROOT / ENVIRONMENT / "bin/pip-audit"), "--vulnerability-service", "osv", "--osv-url", service]
    command = [*pip_audit, *options, "--requirement", str(file)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    said = process.stderr.strip().splitlines() or [f"pip-audit ended with {process.returncode}"]
    if process.returncode == 0:
        print("nothing is known of any package in it")
        return 0
    if process.stdout.strip():
        print(f"{said[-1]}\n{process.stdout}")
        return 1
    print(f"not audited, for {service} gave no answer; make audit needs the network. {said[-1]}")
    return UNREACHABLE


if __name__ == "__main__":
    sys.exit(main())
