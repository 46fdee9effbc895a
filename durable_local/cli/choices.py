"""What `durable start` and `durable run` let one choose between."""

from enum import StrEnum
from pathlib import Path

from durable_local.clock import Clock, SkippingClock, SystemClock
from durable_local.journal import Quotas

PORT = 9010
TEMPLATE, OVERRIDES = Path("template.yaml"), Path("local.yaml")


class HostKind(StrEnum):
    """Where functions run: in this process, where a debugger works, or in processes of their own, as in Lambda."""

    THREADS = "threads"
    PROCESSES = "processes"

    @property
    def workers(self) -> int:
        """How many invocations run at once, unless told otherwise."""
        return 32 if self is HostKind.THREADS else 8


class ClockKind(StrEnum):
    """Which time counts: the machine's, or one that jumps to whatever is due next."""

    SYSTEM = "system"
    SKIPPING = "skipping"

    def clock(self) -> Clock:
        """A clock of this kind."""
        return SystemClock() if self is ClockKind.SYSTEM else SkippingClock()


class QuotaKind(StrEnum):
    """How much one execution may record: as much as at AWS, or any amount."""

    AWS = "aws"
    NONE = "none"

    def quotas(self) -> Quotas:
        """The quotas of this kind."""
        return Quotas() if self is QuotaKind.AWS else Quotas(operations=None, bytes=None)
