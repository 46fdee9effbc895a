"""The project's documentation, searched by words."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.analyst import ToolDescription
from app.ports.tools import Tool, ToolError, ToolUse

WORD = re.compile(r"\w+")
HEADING = re.compile(r"^#{1,3} +(.+)$", re.MULTILINE)
MOST_PASSAGES = 3
LONGEST_PASSAGE = 2_000

DESCRIPTION = ToolDescription(
    name="search_knowledge_base",
    purpose="Finds passages of this project's documentation: what its data means, and how the application works.",
    inputs={"query": "a few words"},
)


@dataclass(frozen=True, slots=True)
class KnowledgeBase(Tool):
    """Searches an index that `build_index` has made; the best passages come first."""

    index: Path

    @property
    def description(self) -> ToolDescription:
        return DESCRIPTION

    def use(self, use: ToolUse) -> str:
        words = WORD.findall(use.inputs["query"])
        if not words:
            raise ToolError(f"{use.inputs['query'][:40]!r} holds no word; give a few words to look for")
        asked = " OR ".join(f'"{word}"' for word in words)
        return json.dumps({"passages": [*self._found(asked)]})

    def _found(self, asked: str) -> Iterator[dict[str, str]]:
        if not self.index.is_file():
            raise ToolError("The knowledge base has not been built; `make knowledge` builds it. Go on without it")
        with closing(sqlite3.connect(f"{self.index.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            for page, heading, text in connection.execute(SEARCH, (asked, MOST_PASSAGES)):
                yield {"page": page, "heading": heading, "text": text[:LONGEST_PASSAGE]}


CREATE = "CREATE VIRTUAL TABLE passages USING fts5(page UNINDEXED, heading, text, tokenize = 'porter')"
SEARCH = "SELECT page, heading, text FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"


def build_index(pages: Mapping[str, str], index: Path) -> int:
    """Write an index of pages of Markdown, in place of the one there; the answer is how many passages it has."""
    rows = [(page, *passage) for page, text in sorted(pages.items()) for passage in passages(text)]
    index.parent.mkdir(parents=True, exist_ok=True)
    # Not in the folder itself, which somebody may be packing at this moment.
    with TemporaryDirectory(prefix=f".{index.name}-", dir=index.parent.parent) as folder:
        incoming = Path(folder, index.name)
        with closing(sqlite3.connect(incoming)) as connection, connection:
            connection.execute(CREATE)
            connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)
        incoming.replace(index)
    return len(rows)


def passages(text: str) -> Iterator[tuple[str, str]]:
    """A page's sections, each with its heading."""
    heading = ""
    for position, part in enumerate(HEADING.split(text)):
        if position % 2:
            heading = part
        elif part.strip():
            yield heading, part.strip()
