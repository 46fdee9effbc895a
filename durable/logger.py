"""A logger that stays silent while recorded work is replayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from durable.types import LoggerInterface


@dataclass(frozen=True, slots=True)
class LogInfo:
    """What every line of a context or step says about itself."""

    execution_arn: str
    parent_id: str | None = None
    operation_name: str | None = None
    attempt: int | None = None
    operation_id: str | None = None

    def fields(self) -> dict[str, object]:
        """The known fields, as they are named in log lines."""
        fields = {
            "executionArn": self.execution_arn,
            "parentId": self.parent_id,
            "operationName": self.operation_name,
            "attempt": self.attempt,
            "operationId": self.operation_id,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Logger:
    """Passes lines on with the fields of its operation, unless the operation is being replayed."""

    logger: LoggerInterface
    info_fields: LogInfo
    is_replaying: Callable[[], bool]

    def about(self, operation_id: str, name: str | None, attempt: int | None = None) -> "Logger":
        """The logger of an operation within this context."""
        outer = self.info_fields
        about = LogInfo(outer.execution_arn, outer.parent_id, name, attempt, operation_id)
        return Logger(self.logger, about, self.is_replaying)

    def with_is_replaying(self, is_replaying: Callable[[], bool]) -> "Logger":
        """The same logger, silent when the function says so; with `lambda: False` never."""
        return replace(self, is_replaying=is_replaying)

    def debug(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level DEBUG."""
        self._log(self.logger.debug, msg, args, extra)

    def info(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level INFO."""
        self._log(self.logger.info, msg, args, extra)

    def warning(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level WARNING."""
        self._log(self.logger.warning, msg, args, extra)

    def error(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level ERROR."""
        self._log(self.logger.error, msg, args, extra)

    def exception(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level ERROR with the current exception."""
        self._log(self.logger.exception, msg, args, extra)

    def _log(
        self, write: Callable[..., None], msg: object, args: tuple[object, ...], extra: Mapping[str, object] | None
    ) -> None:
        if not self.is_replaying():
            write(msg, *args, extra={**self.info_fields.fields(), **(extra or {})})
