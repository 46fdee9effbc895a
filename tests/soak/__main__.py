"""Runs random programs until the time is over or one breaks the rules: `make soak`."""

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.soak.cases import Case
from tests.soak.trials import explored, tried

FAULTS_PER_PROGRAM = 40
PROGRAMS_PER_ROUND = 64
_SEEDS = 1_000_000_000


def main() -> int:
    """Run one case, or programs from a seed on; the exit code."""
    asked = _arguments()
    if asked.case is None:
        return _soak(asked.seed, asked.minutes)
    trial = tried(asked.case)
    _tell(str(trial) if trial.breaches else f"{asked.case} keeps the rules.")
    return 1 if trial.breaches else 0


def _soak(seed: int, minutes: float) -> int:
    until, begun, runs = time.monotonic() + minutes * 60, seed, 0
    with ProcessPoolExecutor() as processes:
        while time.monotonic() < until:
            explorations = list(processes.map(_explore, range(seed, seed + PROGRAMS_PER_ROUND), chunksize=2))
            if failures := [text for _, texts in explorations for text in texts]:
                _tell("\n\n".join(failures))
                return 1
            seed += PROGRAMS_PER_ROUND
            runs += sum(count for count, _ in explorations)
            _tell(f"SEED={begun}: {seed - begun} programs, {runs} runs, no breach")
    return 0


def _explore(seed: int) -> tuple[int, list[str]]:
    trials = list(explored(seed, FAULTS_PER_PROGRAM))
    return len(trials), [str(trial) for trial in trials if trial.breaches]


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(_SEEDS))  # noqa: S311 - a place to begin
    parser.add_argument("--case", type=Case.parse)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
