"""Reports as documents, where there is nobody to send them."""

from dataclasses import dataclass

from app.ports.reports import Report, Reports, ReportsError, ReportsUnavailableError
from app.ports.storage import Storage, StorageError, StorageUnavailableError


@dataclass(frozen=True, slots=True)
class DocumentReports(Reports):
    """Keeps each report under `reports/`, as the e-mail that it would have been; the answer is its address."""

    storage: Storage
    recipient: str

    def send(self, report: Report, key: str) -> str:
        place = f"reports/{key}.txt"
        body = f"To: {self.recipient}\nSubject: {report.subject}\n\n{report.text}\n"
        try:
            self.storage.put(place, body.encode())
        except StorageUnavailableError as error:
            raise ReportsUnavailableError(str(error)) from error
        except StorageError as error:
            raise ReportsError(str(error)) from error
        return self.storage.locate(place)
