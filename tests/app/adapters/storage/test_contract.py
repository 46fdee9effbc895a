"""What every storage promises; each test runs on all adapters."""

from collections.abc import Callable

import pytest

from app.domain.errors import InvalidKeyError
from app.ports.storage import DocumentNotFoundError, Storage

ANY_BYTES = bytes(range(256)) * 3 + b"\nline\r\n"
CALLS: list[Callable[[Storage, str], object]] = [
    lambda storage, key: storage.put(key, b"body"),
    lambda storage, key: storage.get(key),
    lambda storage, key: storage.open(key).__enter__(),
    lambda storage, key: storage.copy(key, "target"),
    lambda storage, key: storage.copy("source", key),
    lambda storage, key: list(storage.keys(key)),
    lambda storage, key: storage.locate(key),
]
UNSAFE_KEYS = ["", "/absolute", "a/../../b", "..", "a\0b", "a//b", "x" * 300, "ab/" * 400, ".hidden"]


@pytest.mark.parametrize("body", [b"", b"one", ANY_BYTES, b"x" * 2_000_000])
def test_a_document_comes_back_as_it_was_put(storage: Storage, body: bytes) -> None:
    receipt = storage.put("folder/document.json", body)

    assert receipt == {"key": "folder/document.json", "size": len(body)}
    assert storage.get("folder/document.json") == body


def test_a_repeated_put_overwrites_its_own_document_and_no_other(storage: Storage) -> None:
    storage.put("a/1.json", b"other")
    storage.put("a/2.json", b"first, and longer")

    storage.put("a/2.json", b"second")

    assert storage.get("a/2.json") == b"second"
    assert storage.get("a/1.json") == b"other"


def test_a_document_streams_line_by_line(storage: Storage) -> None:
    storage.put("rows.jsonl", b"one\ntwo\xff\r\nthree")

    with storage.open("rows.jsonl") as stream:
        assert list(stream) == [b"one\n", b"two\xff\r\n", b"three"]


def test_a_stream_may_be_left_early(storage: Storage) -> None:
    storage.put("rows.jsonl", b"one\n" * 500_000)

    with storage.open("rows.jsonl") as stream:
        first = stream.readline()

    assert first == b"one\n"


def test_a_copy_has_the_body_and_outlives_changes_of_its_source(storage: Storage) -> None:
    storage.put("staged/1", b"body")

    receipt = storage.copy("staged/1", "documents/1")
    storage.put("staged/1", b"changed")

    assert receipt == {"key": "documents/1", "size": 4}
    assert storage.get("documents/1") == b"body"


def test_a_copy_overwrites_what_was_there(storage: Storage) -> None:
    storage.put("staged/1", b"new")
    storage.put("documents/1", b"old, and longer")

    storage.copy("staged/1", "documents/1")

    assert storage.get("documents/1") == b"new"


@pytest.mark.parametrize(
    "read",
    [
        lambda storage: storage.get("missing/1.json"),
        lambda storage: storage.open("missing/1.json").__enter__(),
        lambda storage: storage.copy("missing/1.json", "target.json"),
    ],
)
def test_a_missing_document_is_named_by_its_address(storage: Storage, read: Callable[[Storage], object]) -> None:
    with pytest.raises(DocumentNotFoundError) as missing:
        read(storage)

    assert storage.locate("missing/1.json") in str(missing.value)


def test_a_copy_of_nothing_leaves_its_target_alone(storage: Storage) -> None:
    storage.put("documents/1", b"kept")

    with pytest.raises(DocumentNotFoundError):
        storage.copy("missing", "documents/1")

    assert storage.get("documents/1") == b"kept"


@pytest.mark.parametrize("call", CALLS, ids=["put", "get", "open", "copy from", "copy to", "keys", "locate"])
def test_every_call_refuses_an_unsafe_key(storage: Storage, call: Callable[[Storage, str], object]) -> None:
    storage.put("source", b"body")

    for key in UNSAFE_KEYS:
        with pytest.raises(InvalidKeyError, match="Key "):
            call(storage, key)


def test_the_keys_below_a_folder_are_listed_in_order(storage: Storage) -> None:
    for key in ("a/b/2.json", "a/b/10/x.json", "a/b-c/1.json", "a/b.json", "a/b/1.json", "b/a/b/1.json"):
        storage.put(key, b"")

    assert list(storage.keys("a/b")) == ["a/b/1.json", "a/b/10/x.json", "a/b/2.json"]
    assert list(storage.keys("a/b/10")) == ["a/b/10/x.json"]


def test_a_folder_without_documents_has_no_keys(storage: Storage) -> None:
    assert list(storage.keys("nothing/here")) == []


def test_an_address_ends_with_the_key_whether_or_not_there_is_a_document(storage: Storage) -> None:
    assert storage.locate("documents/run/orders").endswith("documents/run/orders")
