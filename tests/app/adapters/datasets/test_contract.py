"""What every kind of datasets promises."""

import json

import pytest

from app.adapters.datasets.queries import QueryLimits
from app.adapters.datasets.sqlite import SqliteDatasets
from app.domain.datasets import Answer, Dataset
from app.ports.datasets import DatasetError, Datasets, DatasetUnavailableError, QueryRefusedError
from app.ports.storage import Storage, StorageUnavailableError
from tests.fakes.storage import TroubledStorage


@pytest.fixture
def datasets(storage: Storage) -> Datasets:
    return SqliteDatasets(storage)


@pytest.fixture
def dataset(datasets: Datasets) -> Dataset:
    return datasets.build("monday", "analyst/tuesday/dataset")


def test_a_dataset_tells_its_tables_and_how_much_is_in_them(dataset: Dataset) -> None:
    assert dataset["key"] == "analyst/tuesday/dataset"
    assert dataset["tables"].splitlines() == [
        "orders(id, total): 1 rows",
        "orders_lines(orders_id, sku, quantity): 2 rows",
        "products(sku, name, price, stock): 3 rows",
    ]


def test_a_query_finds_rows_across_tables(datasets: Datasets, dataset: Dataset) -> None:
    answer = datasets.query(
        dataset,
        "SELECT name, SUM(quantity) AS sold FROM orders_lines JOIN products USING (sku) GROUP BY 1 ORDER BY 2 DESC",
    )

    assert answer == Answer(columns=("name", "sold"), rows=(("Assam", 2), ("Sencha", 1)), complete=True)


def test_every_value_of_json_can_be_asked_for(storage: Storage, datasets: Datasets) -> None:
    odd = {"id": 1, "text": "a'b", "number": 1.5, "huge": 2**70, "yes": True, "no": None, "inside": {"a": [1]}}
    storage.put("documents/odd/things/1.json", json.dumps(odd).encode())
    storage.put("documents/odd/things/2.json", b'{"id": 2, "late": "x"}')

    answer = datasets.query(datasets.build("odd", "key"), "SELECT * FROM things ORDER BY id")

    assert answer.columns == ("id", "text", "number", "huge", "yes", "no", "inside", "late")
    assert answer.rows[0] == (1, "a'b", 1.5, str(2**70), "true", None, '{"a": [1]}', None)
    assert answer.rows[1] == (2, *[None] * 6, "x")


def test_a_dataset_built_again_is_the_same(datasets: Datasets, dataset: Dataset) -> None:
    assert datasets.build("monday", "analyst/tuesday/dataset") == dataset


def test_a_dataset_stays_as_it_was_built_whatever_is_stored_later(
    storage: Storage, datasets: Datasets, dataset: Dataset
) -> None:
    storage.put("documents/monday/products/tea-04.json", b'{"sku": "tea-04"}')

    assert datasets.query(dataset, "SELECT COUNT(*) FROM products").rows == ((3,),)


def test_documents_of_nobody_make_no_dataset(datasets: Datasets) -> None:
    with pytest.raises(
        DatasetError, match=r"The execution 'sunday' has stored no documents at .*sunday; run the pipel"
    ):
        datasets.build("sunday", "analyst/tuesday/dataset")


@pytest.mark.parametrize("body", [b'{"a b": 1}', b"[]", b"no json", b'{"id": 1, "ID": 2}', b"{}"])
def test_a_document_that_cannot_be_rows_ends_the_building(storage: Storage, datasets: Datasets, body: bytes) -> None:
    storage.put("documents/monday/products/odd.json", body)

    with pytest.raises(DatasetError) as refused:
        datasets.build("monday", "analyst/tuesday/dataset")

    assert not isinstance(refused.value, DatasetUnavailableError)


def test_a_dataset_that_is_gone_or_another_one_is_told(storage: Storage, datasets: Datasets, dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match=r"No document under .*elsewhere"):
        datasets.query({**dataset, "key": "elsewhere"}, "SELECT 1")

    storage.put(dataset["key"], b"something else")
    with pytest.raises(DatasetError, match="is not the dataset that was built"):
        datasets.query(dataset, "SELECT 1")


def test_what_storage_cannot_do_now_may_be_tried_again(storage: Storage, dataset: Dataset) -> None:
    trouble = [StorageUnavailableError("busy")]

    with pytest.raises(DatasetUnavailableError, match="busy"):
        SqliteDatasets(TroubledStorage(storage, trouble, at="keys")).build("monday", "key")
    with pytest.raises(DatasetUnavailableError, match="slow"):
        SqliteDatasets(TroubledStorage(storage, [StorageUnavailableError("slow")], at="open")).query(
            dataset, "SELECT 1"
        )


def test_an_answer_ends_where_it_would_be_too_long(storage: Storage, dataset: Dataset) -> None:
    few_rows = SqliteDatasets(storage, QueryLimits(rows=2)).query(dataset, "SELECT sku FROM products ORDER BY sku")
    few_bytes = SqliteDatasets(storage, QueryLimits(bytes=30)).query(dataset, "SELECT name FROM products ORDER BY sku")

    assert few_rows == Answer(("sku",), (("tea-01",), ("tea-02",)), complete=False)
    assert few_bytes == Answer(("name",), (("Assam",), ("Darjeeling",)), complete=False)


def test_a_mistake_is_told_so_that_it_can_be_mended(datasets: Datasets, dataset: Dataset) -> None:
    with pytest.raises(QueryRefusedError, match="no such column: amount"):
        datasets.query(dataset, "SELECT amount FROM orders")
