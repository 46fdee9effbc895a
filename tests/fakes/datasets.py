"""Datasets that answer every query alike."""

from app.domain.datasets import Answer, Dataset
from app.ports.datasets import Datasets

NOTHING = Answer(columns=(), rows=(), complete=True)
DATASET = Dataset(key="dataset", size=0, sha256="", tables="teas(sku): 1 rows")


class SetDatasets(Datasets):
    """Remembers what was asked; each next call raises a trouble until none is left."""

    def __init__(self, answer: Answer = NOTHING, *troubles: Exception) -> None:
        self._answer = answer
        self._troubles = list(troubles)
        self.asked: list[str] = []

    def build(self, documents: str, key: str) -> Dataset:
        self._ask(f"build {documents} {key}")
        return DATASET

    def query(self, dataset: Dataset, statement: str) -> Answer:
        self._ask(statement)
        return self._answer

    def _ask(self, asked: str) -> None:
        self.asked.append(asked)
        if self._troubles:
            raise self._troubles.pop(0)
