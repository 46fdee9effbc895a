"""Attacks on the file that a query may read."""

# ruff: noqa: S608 - here the SQL is meant to do harm

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.datasets.queries import QueryLimits, answer
from app.domain.datasets import Answer
from app.ports.datasets import DatasetError, QueryRefusedError

ATTACKS = {
    "drop a table": "DROP TABLE products",
    "delete rows": "DELETE FROM products",
    "delete and tell": "DELETE FROM products RETURNING *",
    "insert rows": "INSERT INTO products VALUES ('x')",
    "update rows": "UPDATE products SET sku = 'x'",
    "replace rows": "REPLACE INTO products VALUES ('x')",
    "write behind a common table": "WITH a AS (SELECT 1) DELETE FROM products",
    "create a table": "CREATE TABLE loot AS SELECT * FROM products",
    "create a table for the connection": "CREATE TEMP TABLE loot AS SELECT * FROM products",
    "create a view": "CREATE VIEW loot AS SELECT * FROM products",
    "create a trigger": "CREATE TRIGGER t AFTER INSERT ON products BEGIN DELETE FROM products; END",
    "create a virtual table": "CREATE VIRTUAL TABLE loot USING fts5(a)",
    "alter a table": "ALTER TABLE products RENAME TO loot",
    "attach a file": "ATTACH 'loot.sqlite' AS loot",
    "attach a memory": "ATTACH ':memory:' AS loot",
    "detach the file": "DETACH main",
    "copy the file": "VACUUM INTO 'loot.sqlite'",
    "pack the file": "VACUUM",
    "make it writable": "PRAGMA query_only = OFF",
    "make the schema writable": "PRAGMA writable_schema = ON",
    "lift the limit of memory": "PRAGMA hard_heap_limit = 0",
    "look at settings": "PRAGMA database_list",
    "look at settings as a table": "SELECT * FROM pragma_database_list",
    "look at settings inside": "SELECT (SELECT file FROM pragma_database_list)",
    "read the schema": "SELECT sql FROM sqlite_master",
    "read the schema by its other name": "SELECT sql FROM sqlite_schema",
    "two statements": "SELECT 1; DROP TABLE products",
    "two statements behind a comment": "SELECT 1 -- \n; DROP TABLE products",
    "a comment alone": "-- DROP TABLE products",
    "nothing": "",
    "load an extension": "SELECT load_extension('loot.so')",
    "write a file": "SELECT writefile('loot', 'x')",
    "read a file": "SELECT readfile('/etc/passwd')",
    "a tokenizer's address": "SELECT fts3_tokenizer('simple')",
    "bytes by the gigabyte": "SELECT zeroblob(1000000000)",
    "chance by the gigabyte": "SELECT randomblob(1000000000)",
    "count for ever": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "count for ever, quietly": "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT 1",
    "rows of no table": "SELECT * FROM generate_series(1, 1000000000)",
    "rows of JSON": "SELECT * FROM json_each('[1]')",
    "begin a transaction": "BEGIN EXCLUSIVE",
    "keep a place": "SAVEPOINT s",
    "collect statistics": "ANALYZE",
    "make an index": "REINDEX",
    "another database": "SELECT * FROM temp.sqlite_master",
    "explain": "EXPLAIN DELETE FROM products",
    "a character that ends texts": "SELECT '\0'; DROP TABLE products",
    "half a character": "SELECT '\ud800'",
    "too deep": f"SELECT {'(' * 500}1{')' * 500}",
    "too deep a calculation": f"SELECT {'1+' * 500}1",
    "too many selects": " UNION ALL ".join(["SELECT 1"] * 200),
    "too long": f"SELECT '{'x' * 30_000}'",
    "a parameter": "SELECT ?",
}
NAMED_TWICE = "".join(f", c{n} AS (SELECT a.i FROM c{n - 1} a, c{n - 1} b)" for n in range(1, 30))
EACH_BY_EACH = ", ".join(f"products AS a{n}" for n in range(30))
BOMBS = {
    "a wide text": "SELECT printf('%.*c', 1000000000, 'x')",
    "a text that grows": "SELECT replace(printf('%.*c', 1000, 'x'), 'x', printf('%.*c', 100000, 'x'))",
    "rows times rows": f"SELECT COUNT(*) FROM {EACH_BY_EACH}",
    "common tables named twice": f"WITH c0 AS (SELECT 1 AS i){NAMED_TWICE} SELECT i FROM c29",
    "sorting rows times rows": f"SELECT * FROM {EACH_BY_EACH} ORDER BY 3, 2, 1",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "only.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE products (sku);" + "INSERT INTO products VALUES ('tea-01');" * 9)
    return file


LIMITS = QueryLimits()


def asked(file: Path, statement: str, limits: QueryLimits = LIMITS) -> Answer:
    """What the query finds; the file is as it was, and alone in its folder."""
    before = file.read_bytes()
    try:
        return answer(file, statement, limits)
    finally:
        assert file.read_bytes() == before
        assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_and_changes_nothing(file: Path, attack: str) -> None:
    with pytest.raises(QueryRefusedError, match="Only one SELECT that is not recursive may be run"):
        asked(file, attack)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_goes_off_within_its_limits(file: Path, bomb: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"more than (1 seconds|67,108,864 bytes of memory)|too big"):
        asked(file, bomb, QueryLimits(seconds=1))


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("SELECT COUNT(*) FROM products", (9,)),
        ("WITH a AS (SELECT sku FROM products) SELECT MIN(x.sku) FROM a AS x JOIN a AS y USING (sku)", ("tea-01",)),
        ("SELECT sku, ROW_NUMBER() OVER (ORDER BY sku) FROM products WHERE sku LIKE '%1' LIMIT 1", ("tea-01", 1)),
        ("VALUES (1)", (1,)),
        ("SELECT (SELECT COUNT(*) FROM (SELECT 1))", (1,)),
        ("SELECT 1e999, -1e999, NULL", ("inf", "-inf", None)),
        ("SELECT x'ff00', CAST(x'ff' AS TEXT)", ("2 bytes", "\ufffd")),
        ("SELECT 1;", (1,)),
        ("SELECT 'DROP TABLE products; --'", ("DROP TABLE products; --",)),
    ],
)
def test_what_only_reads_is_answered_as_json_can_say_it(file: Path, statement: str, row: tuple[object, ...]) -> None:
    assert asked(file, statement).rows == (row,)


def test_the_process_that_asks_knows_no_credentials(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would not start without this one, and starts without any other."""
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONHOME", "/nowhere")

    assert asked(file, "SELECT 1").rows == ((1,),)


def test_a_process_that_dies_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="ended the process that asked it"):
        answer(tmp_path / "missing.sqlite", "SELECT 1", QueryLimits())
