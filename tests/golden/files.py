"""Where the golden histories lie: `<workflow>/<suspension point>.json`."""

import json
from pathlib import Path

from durable_local.replay.document import Json

FOLDER = Path(__file__).parent


def write(workflow: str, point: str, events: list[Json]) -> None:
    """Keep a history, in the form in which one is exported."""
    path = FOLDER / workflow / f"{point}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"Events": events}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def names() -> list[str]:
    """All histories, as `workflow/point`."""
    return sorted(f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.json"))


def read(name: str) -> Json:
    """The document of a history."""
    document: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document
