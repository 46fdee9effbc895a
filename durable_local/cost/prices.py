"""What AWS charges, as a file says it."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

US_EAST_1 = Path(__file__).with_name("us-east-1.toml")


class PricesError(Exception):
    """A file of prices that is none, or lacks one."""


class Charge(StrEnum):
    """What is charged for; each stands under this name in the file."""

    OPERATIONS = "durable_operations"
    WRITTEN = "data_written"
    RETAINED = "data_retained"
    REQUESTS = "requests"
    COMPUTE_ARM64 = "compute_arm64"
    COMPUTE_X86_64 = "compute_x86_64"
    TRANSITIONS = "state_transitions"


@dataclass(frozen=True, slots=True)
class Price:
    """So many dollars for so many units."""

    usd: Decimal
    per: int
    unit: str
    source: str
    checked: bool
    """Whether AWS's own page was seen to say so."""

    def of(self, quantity: Decimal | int) -> Decimal:
        """What so many units cost, in dollars; nothing is rounded."""
        return self.usd * quantity / self.per


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a region, as they were read on a day."""

    region: str
    read: date
    charges: dict[Charge, Price]


def read_prices(path: Path = US_EAST_1) -> Prices:
    """Read a file of prices. Raises PricesError, which names the file and what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        charges = {charge: Price(**{**told[charge], "usd": Decimal(told[charge]["usd"])}) for charge in Charge}
        return Prices(told["region"], told["read"], charges)
    except OSError as error:
        raise PricesError(f"{path} cannot be read: {error.strerror}") from error
    except KeyError as error:
        raise PricesError(f"{path} lacks {error.args[0]}; {US_EAST_1.name} of this package has all of it") from error
    except (tomllib.TOMLDecodeError, TypeError, ArithmeticError) as error:
        raise PricesError(f"{path} is no file of prices: {error}") from error
