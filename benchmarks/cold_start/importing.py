"""What importing takes: of a handler, and of the libraries alone that every handler has to do with."""

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = (
    "import boto3, pydantic; from dependency_injector import containers, providers; "
    "from aws_lambda_powertools import Logger"
)
PROGRAM = """\
import sys, time
sys.path.insert(0, {artifact!r})
began = time.perf_counter()
{code}
print(time.perf_counter() - began)
"""
LINE = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|\s*(\S+)")
MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class Importing:
    """Imports in processes of a Python that have nothing but an artifact on their path, and write no bytecode."""

    python: Path
    artifact: Path

    def seconds(self, code: str) -> float:
        """How long the code takes in a new process."""
        return float(self._run(code).stdout)

    def parts(self, code: str) -> dict[str, float]:
        """Which packages take how much of that, the most first."""
        told = LINE.findall(self._run(code, "-X", "importtime").stderr)
        microseconds = Counter[str]()
        for taken, module in told:
            microseconds[module.partition(".")[0]] += int(taken)
        every = sum(microseconds.values())
        return {package: taken / every for package, taken in microseconds.most_common(MOST_TOLD)}

    def _run(self, code: str, *options: str) -> "subprocess.CompletedProcess[str]":
        program = PROGRAM.format(artifact=str(self.artifact), code=code)
        command = [str(self.python), "-I", "-S", "-B", *options, "-c", program]
        return subprocess.run(command, env={}, capture_output=True, text=True, check=True)
