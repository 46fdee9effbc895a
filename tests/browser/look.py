"""How a browser shows pages."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Look:
    """A window, and whose it is."""

    width: Literal[400, 1600] = 1600
    scheme: Literal["light", "dark"] = "light"
    zone: str = "UTC"
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


LOOKS = tuple(Look(width, scheme) for width in (400, 1600) for scheme in ("light", "dark"))
