"""The analyst's knowledge base, as the build makes it of the project's own documentation."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tools import knowledge


@pytest.fixture(scope="module", autouse=True)
def built() -> str:
    """Built as make does it: by a Python that has nothing installed."""
    ran = subprocess.run(
        [sys.executable, "-S", "-m", "tools.knowledge"], cwd=knowledge.ROOT, capture_output=True, text=True, check=True
    )
    return ran.stdout


def test_the_build_tells_how_much_it_has_found(built: str) -> None:
    assert built.startswith("artifact/knowledge.sqlite: ")
    assert f"passages of {len(knowledge.documentation(knowledge.ROOT))} pages" in built


def test_every_page_of_the_documentation_can_be_found() -> None:
    with closing(sqlite3.connect(knowledge.INDEX)) as index:
        pages = {page for (page,) in index.execute("SELECT DISTINCT page FROM passages")}

    assert pages == {str(page.relative_to(knowledge.ROOT)) for page in knowledge.documentation(knowledge.ROOT)}
    assert "README.md" in pages


def test_the_index_holds_words_and_nothing_of_this_machine() -> None:
    with closing(sqlite3.connect(knowledge.INDEX)) as index:
        rows = index.execute("SELECT * FROM passages").fetchall()

    assert str(knowledge.ROOT) not in json.dumps(rows)
