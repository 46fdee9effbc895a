"""What names one run of a program under test: everything in the run follows from it."""

from dataclasses import dataclass
from random import Random

from tests.soak.service import FAULTS

UNDISTURBED = "undisturbed"


@dataclass(frozen=True, slots=True)
class Case:
    """A program by its seed, a fault, and the call that it befalls; undisturbed ones differ in their interleaving."""

    seed: int
    fault: str = UNDISTURBED
    at: int = 0

    @classmethod
    def parse(cls, text: str) -> "Case":
        """The case that a text such as `17.dies-before.3` names."""
        seed, fault, at = text.split(".")
        return cls(int(seed), fault, int(at))

    def __str__(self) -> str:
        return f"{self.seed}.{self.fault}.{self.at}"


def disturbed(seed: int, calls: int, most: int) -> list[Case]:
    """Every fault at every call of a program; of too many some, chosen so that most calls have a fault."""
    chance = Random(f"cases {seed}")  # noqa: S311 - chance that can be had again, not a secret
    orders = {at: chance.sample(list(FAULTS), len(FAULTS)) for at in chance.sample(range(1, calls + 1), calls)}
    cases = [Case(seed, order[turn], at) for turn in range(len(FAULTS)) for at, order in orders.items()]
    return cases[:most]
