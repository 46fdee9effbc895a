"""Reports that nobody gets."""

from app.ports.reports import Report, Reports


class MemoryReports(Reports):
    """Keeps what was sent; each next call raises a trouble, sent or not, until none is left."""

    def __init__(self, *troubles: Exception) -> None:
        self._troubles = list(troubles)
        self.sent: list[tuple[str, Report]] = []

    def send(self, report: Report, key: str) -> str:
        self.sent.append((key, report))
        if self._troubles:
            raise self._troubles.pop(0)
        return f"report-{len(self.sent)}"
