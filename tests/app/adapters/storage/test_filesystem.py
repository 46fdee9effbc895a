import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.adapters.storage.filesystem import FilesystemStorage
from app.domain.errors import InvalidKeyError
from app.ports.storage import StorageError, StorageUnavailableError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
def storage(root: Path) -> FilesystemStorage:
    return FilesystemStorage(root)


@contextmanager
def limited(kind: int, most: int) -> Iterator[None]:
    """This process with a real limit of its operating system, for as long as the block lasts."""
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


def test_building_a_storage_touches_nothing(storage: FilesystemStorage, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []
    assert storage.locate("a") == str(tmp_path / "not" / "there" / "yet" / "a")


def test_a_document_is_a_plain_file_below_the_root(storage: FilesystemStorage, root: Path) -> None:
    storage.put("documents/run/1.json", b"{}")

    assert (root / "documents" / "run" / "1.json").read_bytes() == b"{}"


def test_nothing_but_documents_is_left_behind(storage: FilesystemStorage, root: Path) -> None:
    storage.put("a/1", b"one")
    storage.put("a/1", b"two")
    storage.copy("a/1", "a/2")

    assert sorted(path.name for path in root.rglob("*") if path.is_file()) == ["1", "2"]


def test_a_reader_keeps_the_old_document_while_a_new_one_is_put(storage: FilesystemStorage) -> None:
    storage.put("a", b"old")

    with storage.open("a") as stream:
        storage.put("a", b"new")
        assert stream.read() == b"old"

    assert storage.get("a") == b"new"


@pytest.mark.parametrize("link", ["link", "folder/link"])
def test_a_symbolic_link_is_not_followed(storage: FilesystemStorage, root: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)

    with pytest.raises(InvalidKeyError, match="does not follow links"):
        storage.get(f"{link}/secret")
    with pytest.raises(InvalidKeyError, match="does not follow links"):
        storage.put(f"{link}/secret", b"overwritten")

    assert (outside / "secret").read_bytes() == b"secret"


def test_a_document_that_is_a_symbolic_link_is_neither_read_nor_written(storage: FilesystemStorage, root: Path) -> None:
    storage.put("real", b"real")
    (root / "alias").symlink_to(root / "real")

    for call in (lambda: storage.get("alias"), lambda: storage.put("alias", b"x"), lambda: storage.copy("alias", "b")):
        with pytest.raises(InvalidKeyError, match="symbolic link"):
            call()

    assert storage.get("real") == b"real"


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    FilesystemStorage(tmp_path / "link").put("a", b"body")

    assert (tmp_path / "real" / "a").read_bytes() == b"body"


def test_a_document_in_the_place_of_a_folder_is_a_final_error_that_names_the_path(storage: FilesystemStorage) -> None:
    storage.put("a", b"a document")

    with pytest.raises(StorageError, match=r"Cannot use .*/a/b: ") as refused:
        storage.put("a/b", b"below it")

    assert not isinstance(refused.value, StorageUnavailableError)
    assert storage.get("a") == b"a document"


def test_a_write_that_fails_half_way_leaves_the_old_document_and_no_litter(
    storage: FilesystemStorage, root: Path
) -> None:
    storage.put("a", b"old")

    with limited(resource.RLIMIT_FSIZE, 1_000), pytest.raises(StorageError, match=r"Cannot use .*: File too large"):
        storage.put("a", b"x" * 10_000)

    assert storage.get("a") == b"old"
    assert [path.name for path in root.rglob("*") if path.is_file()] == ["a"]


def test_trouble_of_the_whole_machine_may_pass(storage: FilesystemStorage) -> None:
    storage.put("a", b"body")

    with limited(resource.RLIMIT_NOFILE, 0), pytest.raises(StorageUnavailableError, match="Too many open files"):
        storage.get("a")

    assert storage.get("a") == b"body"


def test_documents_are_for_their_owner_alone(storage: FilesystemStorage, root: Path) -> None:
    storage.put("a", b"personal data")

    assert stat.S_IMODE((root / "a").stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
