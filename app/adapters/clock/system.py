"""The time of this machine."""

from datetime import UTC, datetime

from app.ports.clock import Clock


class SystemClock(Clock):
    """Tells what the machine's clock shows."""

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds")
