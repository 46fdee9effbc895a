import pytest

from app.adapters.notifier.documents import DocumentNotifier
from app.adapters.storage.memory import MemoryStorage
from app.domain.notices import Notice
from app.ports.notifier import NotifierError, NotifierUnavailableError
from app.ports.storage import StorageError, StorageUnavailableError
from tests.fakes.storage import TroubledStorage

NOTICE = Notice("ada", "Your cart is waiting", "You have left something.")


def test_the_receipt_is_the_documents_address() -> None:
    receipt = DocumentNotifier(MemoryStorage()).notify(NOTICE, "cart-reminder-c-1")

    assert receipt == {"id": "memory:notices/cart-reminder-c-1.json"}


def test_a_notice_that_lies_there_is_not_written_again() -> None:
    storage = TroubledStorage(MemoryStorage())
    notifier = DocumentNotifier(storage)

    first, second = notifier.notify(NOTICE, "k"), notifier.notify(NOTICE, "k")

    assert first == second
    assert [call for call in storage.calls if call.startswith("put")] == ["put notices/k.json"]


@pytest.mark.parametrize("at", ["get", "put"])
@pytest.mark.parametrize(
    ("trouble", "error"),
    [(StorageUnavailableError("busy"), NotifierUnavailableError), (StorageError("no bucket"), NotifierError)],
)
def test_trouble_in_storage_is_told_as_the_notifiers(trouble: Exception, error: type[Exception], at: str) -> None:
    notifier = DocumentNotifier(TroubledStorage(MemoryStorage(), [trouble], at))

    with pytest.raises(NotifierError, match=f"Cannot write the notice down: {trouble}") as refused:
        notifier.notify(NOTICE, "k")

    assert type(refused.value) is error
