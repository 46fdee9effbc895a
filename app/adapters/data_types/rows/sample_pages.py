"""Pages of sample rows, as an API answers with them: JSON arrays that name the next one (RFC 8288)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from app.adapters.data_types.rows.json_text import array_members
from app.adapters.technologies.function_api import answered
from app.ports.data_source import SourceError

PAGE_ROWS = 15


@dataclass(frozen=True, slots=True)
class Page:
    """A page's body and headers."""

    body: str
    headers: Mapping[str, str]


class SamplePages:
    """The JSON array of one file in pages; the file is read when the first one is asked for."""

    def __init__(self, folder: Path, name: str) -> None:
        self._document = folder / name

    def page(self, query: str) -> Page:
        """The page that a query asks for, as in `start=15`; without one, the first."""
        start = int(parse_qs(query).get("start", ["0"])[0])
        end = start + PAGE_ROWS
        links = {"link": f'</?start={end}>; rel="next"'} if end < len(self.rows) else {}
        return Page(f"[{','.join(self.rows[start:end])}]", links)

    def answer(self, delivery: Any) -> Any:
        """A page, where a function serves it: what API Gateway delivers and takes in its format 2.0."""
        page = self.page(str(delivery["rawQueryString"]))
        return answered(200, page.body, page.headers)

    @cached_property
    def rows(self) -> list[str]:
        """All rows, as they stand in the file."""
        try:
            return list(array_members(self._document.read_text(encoding="utf-8")))
        except OSError as error:
            raise SourceError(f"Cannot read the sample rows {self._document}: {error.strerror}") from error
