"""The sample events of a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from durable_local.errors import InvalidParameterValueError, ResourceNotFoundError

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Samples:
    """JSON files of one folder, called by their names without `.json`, and the handlers of the functions by theirs."""

    folder: Path | None = None
    handlers: Mapping[str, str] = field(default_factory=dict)

    def of(self, function: str) -> tuple[list[str], list[str]]:
        """Those for a function, which begin with the name of its handler's module, and all others."""
        module = self.handlers.get(function, "").rpartition(".")[0].rpartition(".")[2]
        own = [name for name in self._files() if module and _alike(name).startswith(_alike(module))]
        return own, [name for name in self._files() if name not in own]

    def text(self, name: str) -> str:
        """One of them, by its name. Raises ResourceNotFoundError if there is none."""
        file = self._files().get(name)  # so that no name leads to another folder
        if file is None:
            raise ResourceNotFoundError(f"There is no sample event {name[:100]!r}")
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidParameterValueError(f"The sample event {name} cannot be read: {error}") from error

    def _files(self) -> dict[str, Path]:
        files = self.folder.glob(f"*{_SUFFIX}") if self.folder else ()
        return {file.stem: file for file in sorted(files, key=attrgetter("stem")) if file.is_file()}


def _alike(name: str) -> str:
    return name.replace("_", "-").lower()
