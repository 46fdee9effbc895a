"""Tables that grow with what is put into them."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from app.domain.datasets import Row, checked_name

LARGEST_INTEGER = 2**63


class Tables:
    """A database being filled: a table begins with its first row, a column with the first row that has it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._columns: dict[str, list[str]] = {}

    def add(self, table: str, row: Row) -> None:
        """Put in a row; `InvalidDocumentError` where a name cannot be that of a table or a column."""
        columns = self._columns.setdefault(table, [])
        for name in [name for name in row if name not in columns]:
            self._begin_column(table, name)
        marks = ", ".join(f":{name}" for name in row)
        names = ", ".join(f'"{name}"' for name in row)
        self._connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', _plain(row))  # noqa: S608 - names are checked

    def finish(self) -> str:
        """Keep what was put in; the answer tells each table with its columns and the number of its rows."""
        self._connection.commit()
        self._connection.execute("VACUUM")
        return "\n".join(
            f"{table}({', '.join(names)}): {self._count(table)} rows" for table, names in sorted(self._columns.items())
        )

    def _begin_column(self, table: str, name: str) -> None:
        columns = self._columns[table]
        add = (
            f'ALTER TABLE "{checked_name(table)}" ADD COLUMN' if columns else f'CREATE TABLE "{checked_name(table)}" ('
        )
        self._connection.execute(f'{add} "{checked_name(name)}"' + (")" if not columns else ""))
        columns.append(name)

    def _count(self, table: str) -> int:
        (count,) = self._connection.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()  # noqa: S608 - the name is checked
        return int(count)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as SQLite keeps it: what is neither a text nor a number that fits becomes JSON."""
    return {name: value if _fits(value) else json.dumps(value) for name, value in row.items()}


def _fits(value: object) -> bool:
    match value:
        case None | str() | float():
            return True
        case bool():
            return False
        case int():
            return -LARGEST_INTEGER <= value < LARGEST_INTEGER
    return False
