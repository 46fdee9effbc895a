"""Data types: what the pipeline can bring in."""

from dataclasses import dataclass
from typing import Any

from app.ports.data_mapper import DataMapper
from app.ports.data_source import DataSource


@dataclass(frozen=True, slots=True)
class DataType:
    """A data source and the mapper of its rows; the container gives the pair its name, an event context."""

    source: DataSource
    mapper: DataMapper[Any]
