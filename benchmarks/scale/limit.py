"""The least that rows take: `python -m benchmarks.scale.limit FOLDER` measures it where the pipeline has run."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from app.adapters.data_types.orders import data_type
from app.adapters.storage.filesystem import FilesystemStorage
from app.domain.errors import RowRejectedError


def parsing(sources: Path) -> float:
    """Seconds of CPU of a plain loop that parses, validates and serialises every row, and keeps nothing."""
    mapper = data_type(FilesystemStorage(sources)).mapper
    with (sources / "orders.jsonl").open() as rows:
        began = time.process_time()
        for row in rows:
            try:
                mapper.map_to_document(mapper.map_to_domain(row))
            except RowRejectedError:
                continue
        return time.process_time() - began


def writing(documents: Iterable[Path]) -> float:
    """Seconds of writing such documents anew, each synced to the disk."""
    bodies = [path.read_bytes() for path in documents]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        for number, body in enumerate(bodies):
            with (Path(folder) / str(number)).open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
        return time.perf_counter() - began


def main() -> None:
    """Measure what the command line names."""
    folder = Path(sys.argv[1])
    documents = [path for path in (folder / "storage").glob("[dr]*/**/*") if path.is_file()]
    print(json.dumps({"parsing": parsing(folder / "sources"), "writing": writing(documents)}))


if __name__ == "__main__":
    main()
