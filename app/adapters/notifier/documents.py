"""Notices as documents, for a desk where nobody delivers them."""

import json
from dataclasses import asdict

from app.domain.notices import Notice, NoticeReceipt
from app.ports.notifier import Notifier, NotifierError, NotifierUnavailableError
from app.ports.storage import DocumentNotFoundError, Storage, StorageError, StorageUnavailableError


class DocumentNotifier(Notifier):
    """Writes each notice down once, under its idempotency key."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def notify(self, notice: Notice, key: str) -> NoticeReceipt:
        document = f"notices/{key}.json"
        try:
            self._write_once(document, json.dumps(asdict(notice), indent=2).encode())
        except StorageUnavailableError as error:
            raise NotifierUnavailableError(f"Cannot write the notice down: {error}") from error
        except StorageError as error:
            raise NotifierError(f"Cannot write the notice down: {error}") from error
        return NoticeReceipt(id=self._storage.locate(document))

    def _write_once(self, document: str, body: bytes) -> None:
        try:
            self._storage.get(document)
        except DocumentNotFoundError:
            self._storage.put(document, body)
