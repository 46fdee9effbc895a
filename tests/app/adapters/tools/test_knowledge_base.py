import json
from pathlib import Path

import pytest

from app.adapters.tools.knowledge_base import KnowledgeBase, build_index
from app.ports.tools import ToolError
from tests.app.adapters.tools.conftest import use


def search(index: Path, query: str) -> list[dict[str, str]]:
    passages: list[dict[str, str]] = json.loads(KnowledgeBase(index).use(use(query=query)))["passages"]
    return passages


def test_a_passage_is_found_by_its_words_in_any_form(index: Path) -> None:
    assert search(index, "currency") == [
        {"page": "money.md", "heading": "Currencies", "text": "Every amount is in euros."}
    ]


def test_the_passage_with_most_of_the_words_comes_first(index: Path) -> None:
    first, *_ = search(index, "what kinds of tea are there?")

    assert first["heading"] == "Kinds of tea"


@pytest.mark.parametrize("query", ['tea" OR page:"money', "NEAR(tea, 5)", "tea*", "-tea", "heading : tea", "tea AND"])
def test_a_query_is_words_and_no_language(index: Path, query: str) -> None:
    assert {passage["page"] for passage in search(index, query)} <= {"money.md", "tea.md"}


def test_what_nobody_has_written_about_is_not_found(index: Path) -> None:
    assert search(index, "submarines") == []


def test_an_index_built_again_holds_the_pages_once(index: Path) -> None:
    assert build_index({"one.md": "# Head\n\nBody"}, index) == 1
    assert search(index, "body") == [{"page": "one.md", "heading": "Head", "text": "Body"}]


def test_an_index_that_was_not_built_is_told_with_the_way_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="make knowledge"):
        search(tmp_path / "missing.sqlite", "tea")
