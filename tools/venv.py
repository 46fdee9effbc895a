"""Makes a virtual environment from a hashed requirement file, or brings one up to date.

Instant when nothing changed, so every make target can afford to call it. Kept free of new syntax: an old Python
must get as far as saying that it is too old.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOCAL, DEV = "requirements-local.txt", "requirements-dev.txt"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="the environment, such as .venv")
    parser.add_argument("requirements", help="the hashed requirement file that it holds, and nothing else")
    parser.add_argument("--project", action="store_true", help="install this project as well, editable")
    arguments = parser.parse_args()
    complaint = complaint_about_this_python()
    if complaint:
        print(complaint, file=sys.stderr)
        return 1
    try:
        Environment(ROOT / arguments.folder, arguments.project).hold(arguments.requirements)
    except subprocess.CalledProcessError as error:
        print(f"{arguments.folder} could not be set up; the message above says why.", file=sys.stderr)
        return error.returncode
    return 0


def complaint_about_this_python() -> str:
    """Say what this interpreter lacks, and the way out; nothing when it will do."""
    version = "{}.{}.{}".format(*sys.version_info[:3])
    if sys.version_info[:2] < OLDEST:
        return f"{sys.executable} is Python {version}; 3.11 or newer is needed: try make PYTHON=python3.13"
    try:
        import ensurepip  # noqa: F401  Debian ships venv without it
        import venv  # noqa: F401
    except ImportError:
        return f"{sys.executable} {version} has no venv module; on Debian: apt install python3-venv"
    return ""


class Environment:
    """A virtual environment whose stamp tells what it was made from.

    The stamp is written last: an environment without one was never finished and is made anew.
    """

    def __init__(self, folder: Path, project: bool) -> None:
        self.folder = folder
        self.project = project
        self.python = folder / "bin" / "python"
        self.stamp = folder / "made-from.txt"

    def hold(self, requirements: str) -> None:
        recorded = self.stamp.read_text().splitlines() if self.stamp.exists() and self.python.exists() else []
        if requirements == LOCAL and recorded and recorded[0] == DEV:
            requirements = DEV  # the development environment holds the local one
        wanted = [requirements, self._interpreter(), self._digest(requirements)]
        if recorded == wanted:
            return
        if recorded[1:2] != wanted[1:2]:
            self._create(requirements)
        self.stamp.unlink(missing_ok=True)
        self._install(requirements)
        self.stamp.write_text("\n".join(wanted))

    def _interpreter(self) -> str:
        return f"{os.path.realpath(sys.base_prefix)} {sys.version.split()[0]} in {self.folder}"

    def _digest(self, requirements: str) -> str:
        sources = [requirements, "pyproject.toml"] if self.project else [requirements]
        return hashlib.sha256(b"\0".join((ROOT / source).read_bytes() for source in sources)).hexdigest()

    def _create(self, requirements: str) -> None:
        print(f"Making {self.folder.name} for {requirements}", flush=True)
        if self.folder.exists():
            shutil.rmtree(str(self.folder))
        subprocess.check_call([sys.executable, "-m", "venv", str(self.folder)])
        pin = self.folder / "uv.txt"
        pin.write_text(pin_of_uv())
        self._pip("--requirement", str(pin))

    def _install(self, requirements: str) -> None:
        """Let uv do it; where it cannot reach an index that pip is configured for, let pip."""
        print(f"Installing {requirements} into {self.folder.name}", flush=True)
        uv = [str(self.python), "-m", "uv", "--quiet", "--system-certs", "pip"]
        where = ["--python", str(self.python)]
        if subprocess.call([*uv, "sync", *where, "--require-hashes", requirements], cwd=str(ROOT)) != 0:
            print("uv did not succeed; pip, with its own configuration, goes on.", flush=True)
            self._pip("--requirement", requirements)
        if self.project:
            subprocess.check_call([*uv, "install", *where, "--no-deps", "--editable", "."], cwd=str(ROOT))

    def _pip(self, *arguments: str) -> None:
        pip = [str(self.python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--require-hashes"]
        subprocess.check_call([*pip, *arguments], cwd=str(ROOT))


def pin_of_uv() -> str:
    """Cut uv's hashed pin out of the development requirements, where uv is compiled with the rest."""
    found = re.search(r"^uv==(?:.*\\\n)*.*\n", (ROOT / DEV).read_text(), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{DEV} pins no uv; run: make requirements")
    return found.group()


if __name__ == "__main__":
    sys.exit(main())
