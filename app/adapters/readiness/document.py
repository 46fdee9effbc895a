"""Readiness that somebody outside tells by a document."""

from dataclasses import dataclass

from app.ports.readiness import Readiness, ReadinessError, ReadinessUnavailableError
from app.ports.storage import DocumentNotFoundError, Storage, StorageError, StorageUnavailableError


@dataclass(frozen=True, slots=True)
class DocumentReadiness(Readiness):
    """Is ready as soon as a document lies under `tour/<execution>/ready`, whatever it holds."""

    storage: Storage

    def is_ready(self, execution: str, poll: int) -> bool:  # noqa: ARG002 - a document has no memory of being asked for
        try:
            self.storage.get(f"tour/{execution}/ready")
        except DocumentNotFoundError:
            return False
        except StorageUnavailableError as error:
            raise ReadinessUnavailableError(str(error)) from error
        except StorageError as error:
            raise ReadinessError(str(error)) from error
        return True
