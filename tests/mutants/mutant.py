"""A fault of one line in the core, and where it is likely to be noticed."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("mutants.toml")


class StaleMutantError(Exception):
    """The core no longer has the one place that a mutant breaks."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is broken, as a sentence; the text that is replaced, once, in a file; the tests that are asked first."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def mutate(self, root: Path) -> str:
        """The text of its file below a root, broken."""
        text = (root / self.file).read_text(encoding="utf-8")
        if (found := text.count(self.old)) != 1:
            raise StaleMutantError(
                f"{self.name}: {self.file} has {found} times, not once, {self.old!r}; bring {LIST.name} up to date"
            )
        return text.replace(self.old, self.new)


def read(list_: Path = LIST) -> list[Mutant]:
    """All mutants, in the order of the list."""
    entries = tomllib.loads(list_.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
