"""Builds the analyst's knowledge base: a full-text index of the documentation, beside the code that is deployed."""

import sys
from pathlib import Path

from app.adapters.tools.knowledge_base import build_index

ROOT = Path(__file__).resolve().parent.parent
INDEX = ROOT / "artifact" / "knowledge.sqlite"


def main() -> int:
    pages = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in documentation(ROOT)}
    found = build_index(pages, INDEX)
    print(f"{INDEX.relative_to(ROOT)}: {found} passages of {len(pages)} pages")
    return 0


def documentation(root: Path) -> list[Path]:
    """The README, and every page below `docs/`."""
    return [root / "README.md", *sorted(root.glob("docs/**/*.md"))]


if __name__ == "__main__":
    sys.exit(main())
