"""Breaks the core in one place at a time and tells which test notices; fails if none does."""

import argparse
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from tests.mutants.mutant import Mutant, StaleMutantError, read
from tests.mutants.trial import WHOLE, Death, UntriedError, copy_project, put_to_the_test, run_tests

AT_A_TIME = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="those mutants whose name has this text")
    only = parser.parse_args().only
    chosen = [mutant for mutant in read() if only in mutant.name]
    console = Console(highlight=False, soft_wrap=True)
    if not chosen:
        console.print(f"No mutant's name has the text {only!r}.")
        return 1
    with tempfile.TemporaryDirectory() as folder, Progress(console=console) as progress:
        return _Hunt(copy_project(Path(folder)), progress).run(chosen)


class _Hunt:
    """All trials of one run, each told as it ends."""

    def __init__(self, project: Path, progress: Progress) -> None:
        self._project = project
        self._progress = progress

    def run(self, mutants: list[Mutant]) -> int:
        stale = [error for mutant in mutants if (error := self._staleness(mutant))]
        for error in stale:
            self._tell(f"[red]stale[/]     {escape(str(error))}")
        if stale:
            return 1
        began = self._progress.add_task("the core as it is", total=None)
        if death := run_tests(self._project, WHOLE):
            self._tell(f"[red]The tests fail without any mutant:[/] {escape(str(death))}")
            return 1
        self._progress.remove_task(began)
        return self._try_all(mutants)

    def _staleness(self, mutant: Mutant) -> StaleMutantError | None:
        try:
            mutant.mutate(self._project)
        except StaleMutantError as error:
            return error
        return None

    def _try_all(self, mutants: list[Mutant]) -> int:
        task = self._progress.add_task("mutants", total=len(mutants))
        survivors = 0
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            trials = [pool.submit(self._try, mutant, number) for number, mutant in enumerate(mutants)]
            try:
                for trial in as_completed(trials):
                    survivors += not trial.result()
                    self._progress.advance(task)
            finally:
                _cancel(trials)
        self._tell(f"{len(mutants) - survivors} of {len(mutants)} mutants were killed.")
        return min(survivors, 1)

    def _try(self, mutant: Mutant, number: int) -> bool:
        began = time.monotonic()
        try:
            death = put_to_the_test(mutant, self._project, number)
        except UntriedError as error:
            self._tell(f"[red]untried[/]   {escape(mutant.name)}: {escape(str(error))}")
            return False
        self._tell(
            f"{_verdict(death)}  {escape(mutant.name)}  [dim]{_how(death)} ({time.monotonic() - began:.1f} s)[/]"
        )
        return death is not None

    def _tell(self, line: str) -> None:
        self._progress.console.print(line)


def _verdict(death: Death | None) -> str:
    return "[green]killed[/]  " if death else "[red]SURVIVED[/]"


def _how(death: Death | None) -> str:
    return escape(str(death)) if death else "every test passes: write the one that does not"


def _cancel(trials: list[Future[bool]]) -> None:
    for trial in trials:
        trial.cancel()


if __name__ == "__main__":
    sys.exit(main())
