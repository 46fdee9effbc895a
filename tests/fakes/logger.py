"""A logger that a test can read."""

from collections.abc import Mapping

from durable.types import LoggerInterface


class KeptLines(LoggerInterface):
    """Keeps what is logged beside its message."""

    def __init__(self) -> None:
        self.lines: list[Mapping[str, object]] = []

    def _keep(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        self.lines.append({"message": msg, **(extra or {})})

    debug = info = warning = error = exception = _keep
