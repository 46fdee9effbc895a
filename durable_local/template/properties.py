"""The properties of one function, resolved as they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from durable.values import Json
from durable_local.template.errors import TemplateError, UnresolvableError
from durable_local.template.function import RETENTION_DAYS, DurableConfig
from durable_local.template.intrinsics import Intrinsics, text
from durable_local.template.overrides import PARAMETERS, Missing

_RANGES = {
    "Timeout": (1, 900),
    "MemorySize": (128, 10_240),
    "ExecutionTimeout": (1, 31_622_400),
    "RetentionPeriodInDays": (1, 90),
    "ReservedConcurrentExecutions": (1, 1_000_000),
}


@dataclass(frozen=True, slots=True)
class Properties:
    """What a template says of one function. What only a deployment could tell is noted as missing."""

    logical_id: str
    members: Mapping[str, Json]
    intrinsics: Intrinsics
    missing: Missing

    def get(self, name: str, default: Json = None) -> Json:
        """A property. Raises TemplateError if nobody could give what it lacks."""
        try:
            return self.intrinsics.given(self.members.get(name, default), default)
        except UnresolvableError as error:
            if error.parameter is None:
                raise TemplateError(f"{self.logical_id}: {name} cannot be told here: {error}") from error
            self.missing.add(PARAMETERS, error.parameter, f"{name} of {self.logical_id} needs it")
            return default

    def text(self, name: str, default: str = "") -> str:
        """A property that must not be empty."""
        value = self.get(name, default)
        if not isinstance(value, str) or not value:
            raise TemplateError(f"{self.logical_id}: {name} must be a text, and is {value!r}")
        return value

    def number(self, name: str, default: int) -> int:
        """A property within its range."""
        return self._within(name, self.get(name, default))

    def variables(self) -> dict[str, str]:
        """The environment; every variable that only a deployment could tell is noted as missing."""
        given = (self.members.get("Environment") or {}).get("Variables") or {}
        return dict(self._resolved(given))

    def durable(self) -> DurableConfig | None:
        """What makes the function durable, if it is."""
        config = self.get("DurableConfig")
        if not isinstance(config, dict):
            return None
        return DurableConfig(
            self._within("ExecutionTimeout", config.get("ExecutionTimeout")),
            self._within("RetentionPeriodInDays", config.get("RetentionPeriodInDays", RETENTION_DAYS)),
        )

    def concurrency(self) -> int | None:
        """How many invocations may run at once, if that is bounded."""
        value = self.get("ReservedConcurrentExecutions")
        return None if value is None else self._within("ReservedConcurrentExecutions", value)

    def log_format(self) -> str:
        """Text or JSON."""
        return text(self.intrinsics.resolve((self.members.get("LoggingConfig") or {}).get("LogFormat", "Text")))

    def code(self, folder: Path) -> Path:
        """The folder that the function's modules are imported from."""
        code = folder / self.text("CodeUri", ".")
        if not code.is_dir():
            raise TemplateError(f"{self.logical_id}: CodeUri {code} is no folder; build the function, or correct it")
        return code

    def _resolved(self, variables: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        for name, value in variables.items():
            try:
                resolved = self.intrinsics.given(value)
                if resolved is not None:
                    yield name, text(resolved)
            except UnresolvableError as error:
                self.missing.add(self.logical_id, name, str(error))

    def _within(self, name: str, value: Json) -> int:
        low, high = _RANGES[name]
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = low - 1
        if not low <= number <= high:
            raise TemplateError(f"{self.logical_id}: {name} is {value!r}; it must lie between {low} and {high}")
        return number
