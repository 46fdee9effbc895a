import pytest

from app.adapters.readiness.document import DocumentReadiness
from app.adapters.storage.memory import MemoryStorage
from app.ports.readiness import ReadinessError, ReadinessUnavailableError
from app.ports.storage import StorageError, StorageUnavailableError
from tests.fakes.storage import TroubledStorage


def test_a_storage_in_trouble_may_tell_at_a_later_poll() -> None:
    readiness = DocumentReadiness(TroubledStorage(MemoryStorage(), [StorageUnavailableError("busy")]))

    with pytest.raises(ReadinessUnavailableError, match="busy"):
        readiness.is_ready("first", 1)

    assert readiness.is_ready("first", 2) is False


def test_a_storage_that_refuses_will_never_tell() -> None:
    readiness = DocumentReadiness(TroubledStorage(MemoryStorage(), [StorageError("no access")]))

    with pytest.raises(ReadinessError, match="no access") as refused:
        readiness.is_ready("first", 1)

    assert not isinstance(refused.value, ReadinessUnavailableError)
