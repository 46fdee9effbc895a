"""What the table was measured on: facts about the machine and the versions, but neither its name nor its paths."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from durable import __version__

_CPU_FILE, _MEMORY_FILE = Path("/proc/cpuinfo"), Path("/proc/meminfo")


def facts() -> dict[str, str]:
    """The machine and the versions, by what they are called."""
    return {
        "Processor": f"{_member(_CPU_FILE, 'model name') or platform.machine()}, {os.cpu_count()} cores",
        "Memory": _memory(),
        "System": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "This core": __version__,
        "AWS's SDK": version("aws-durable-execution-sdk-python"),
        "boto3": version("boto3"),
    }


def load() -> float:
    """How many threads wanted a core, on average over the last minute."""
    return os.getloadavg()[0]


def _memory() -> str:
    kilobytes = _member(_MEMORY_FILE, "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) * 1024 / 1e9:.0f} GB" if kilobytes else "not told"


def _member(file: Path, name: str) -> str:
    lines = file.read_text().splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
