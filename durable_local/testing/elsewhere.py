"""A finished history replayed in a second interpreter, in which texts hash differently and sets have another order."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from durable_local.testing.result import DurableFunctionTestResult

_SEED, _OTHER_SEED = "1", "2"
_COMPATIBLE, _DIVERGES = 0, 1


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a replay in a second interpreter has told."""

    divergence: Mapping[str, object] | None = None
    """The first operation that differs, as `durable replay --json` tells it; None if none does."""
    refusal: str = ""
    """Why nothing was replayed, such as that the handler is one of AWS's SDK."""


def replayed(handler: str, result: DurableFunctionTestResult) -> Elsewhere:
    """Let `durable replay` run over an execution that has ended; no step runs and nothing is sent."""
    history = json.dumps({"Events": result.history})
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": _seed()}
    ended = subprocess.run(  # noqa: S603 - this interpreter, with the name of a handler as one argument
        [sys.executable, "-m", "durable_local", "replay", "-", handler, "--json"],
        input=history,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode not in {_COMPATIBLE, _DIVERGES} or not ended.stdout:
        return Elsewhere(refusal=ended.stderr.strip())
    return Elsewhere(json.loads(ended.stdout).get("Divergence"))


def _seed() -> str:
    """Another one than here; what is chosen at random is none of these, as good as always."""
    return _OTHER_SEED if os.environ.get("PYTHONHASHSEED") == _SEED else _SEED
