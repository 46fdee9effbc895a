"""Large values go to storage, and come back only as they were left."""

import json
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.storage.filesystem import FilesystemStorage
from durable.exceptions import RetryableSerDesError, SerDesError
from durable.extras.claim_check import LIMIT, ClaimCheckSerDes
from durable.serdes import EXTENDED_TYPES_SERDES, PASS_THROUGH_SERDES, SerDesContext
from tests.durable.extras.documents import BusyError, Documents
from tests.durable.extras.sdks import OURS, THEIRS, Sandbox, Sdk, ended, finish
from tests.durable.extras.values import EVERY_KIND, VALUES

HERE = SerDesContext("operation-1", "arn:execution-1")


@pytest.fixture
def documents() -> Documents:
    return Documents()


def texts(documents: Documents, limit: int = 10) -> ClaimCheckSerDes:
    """Text as it is, left in storage above the limit."""
    return ClaimCheckSerDes(documents, PASS_THROUGH_SERDES, limit, transient=(BusyError,))


def test_a_small_value_is_recorded_as_without_a_claim_check(documents: Documents) -> None:
    text = ClaimCheckSerDes(documents).serialize(EVERY_KIND, HERE)

    assert text == EXTENDED_TYPES_SERDES.serialize(EVERY_KIND, HERE)
    assert documents.kept == {}


def test_a_large_value_is_recorded_as_key_size_and_checksum(documents: Documents) -> None:
    text = texts(documents).serialize("a" * 11, HERE)

    ((key, body),) = documents.kept.items()
    assert body == b"a" * 11
    assert json.loads(text) == {"claim_check": {"key": key, "size": 11, "sha256": sha256(body).hexdigest()}}


@pytest.mark.parametrize(("value", "is_left"), [("a" * 10, False), ("a" * 11, True), ("é" * 5, False), ("é" * 6, True)])
def test_the_limit_is_in_bytes(documents: Documents, value: str, is_left: bool) -> None:
    texts(documents).serialize(value, HERE)

    assert bool(documents.kept) is is_left


def test_the_default_limit_fits_a_checkpoint(documents: Documents) -> None:
    text = ClaimCheckSerDes(documents).serialize("a" * (LIMIT - 2), HERE)

    assert len(text) == LIMIT < 256 * 1024
    assert documents.kept == {}


@given(VALUES)
def test_every_value_comes_back(value: object) -> None:
    serdes = ClaimCheckSerDes(Documents(), limit=20)

    again = serdes.deserialize(serdes.serialize(value, HERE), HERE)

    assert again == value
    assert type(again) is type(value)


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text('{"claim_check":}'))
def test_every_text_comes_back(text: str) -> None:
    serdes = texts(Documents())

    assert serdes.deserialize(serdes.serialize(text, HERE), HERE) == text


def test_a_small_value_that_looks_like_a_claim_check_is_not_taken_for_one(documents: Documents) -> None:
    serdes = texts(documents, LIMIT)
    claim = texts(documents).serialize("another value", HERE)

    assert serdes.deserialize(serdes.serialize(claim, HERE), HERE) == claim


def test_a_value_written_again_overwrites_its_own_document(documents: Documents) -> None:
    first = texts(documents).serialize("the same value", HERE)

    assert texts(documents).serialize("the same value", HERE) == first
    assert len(documents.kept) == 1


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("the same value", SerDesContext("operation-2", "arn:execution-1")),
        ("the same value", SerDesContext("operation-1", "arn:execution-2")),
        ("another value", HERE),
    ],
    ids=["operation", "execution", "value"],
)
def test_another_operation_execution_or_value_has_another_document(
    documents: Documents, value: str, place: SerDesContext
) -> None:
    texts(documents).serialize("the same value", HERE)

    texts(documents).serialize(value, place)

    assert len(documents.kept) == 2


def test_a_late_write_of_a_killed_attempt_replaces_nothing(documents: Documents) -> None:
    recorded = texts(documents).serialize("of the second attempt", HERE)

    texts(documents).serialize("of the first attempt", HERE)

    assert texts(documents).deserialize(recorded, HERE) == "of the second attempt"


def test_a_missing_document_is_named(documents: Documents) -> None:
    recorded = texts(documents).serialize("a large value", HERE)
    (key,) = documents.kept
    documents.kept.clear()

    with pytest.raises(SerDesError, match=f"{key} of operation operation-1: KeyError"):
        texts(documents).deserialize(recorded, HERE)


@pytest.mark.parametrize("body", [b"a large valve", b"a large", b"a large value and more", b""])
def test_a_document_that_has_changed_is_refused(documents: Documents, body: bytes) -> None:
    recorded = texts(documents).serialize("a large value", HERE)
    (key,) = documents.kept
    documents.kept[key] = body

    with pytest.raises(
        SerDesError, match=f"{key} of operation operation-1 is not the one recorded: it has {len(body)}"
    ):
        texts(documents).deserialize(recorded, HERE)


def test_a_claim_to_another_size_is_refused(documents: Documents) -> None:
    recorded = texts(documents).serialize("a large value", HERE)

    with pytest.raises(SerDesError, match="it has 13 bytes"):
        texts(documents).deserialize(recorded.replace('"size":13', '"size":14'), HERE)


@pytest.mark.parametrize(
    "recorded", ['{"claim_check":', '{"claim_check":{}}', '{"claim_check":1}', '{"claim_check":{"key":"k"}}']
)
def test_a_claim_check_that_cannot_be_read_is_named(documents: Documents, recorded: str) -> None:
    with pytest.raises(SerDesError, match="Operation operation-1 has a claim check that cannot be read"):
        texts(documents).deserialize(recorded, HERE)


def test_trouble_that_may_pass_ends_the_invocation_only(documents: Documents) -> None:
    recorded = texts(documents).serialize("a large value", HERE)

    documents.troubles = [BusyError("busy"), BusyError("busy")]

    with pytest.raises(RetryableSerDesError, match="busy"):
        texts(documents).serialize("a large value", HERE)
    with pytest.raises(RetryableSerDesError, match="busy"):
        texts(documents).deserialize(recorded, HERE)


def test_other_trouble_is_final(documents: Documents) -> None:
    documents.troubles = [PermissionError("not yours")]

    with pytest.raises(SerDesError, match=r"operation-1: PermissionError.*not yours"):
        texts(documents).serialize("a large value", HERE)


def test_the_application_s_storage_keeps_claim_checks(tmp_path: Path) -> None:
    serdes = ClaimCheckSerDes(FilesystemStorage(tmp_path), limit=0)

    recorded = serdes.serialize(EVERY_KIND, HERE)

    assert serdes.deserialize(recorded, HERE) == EVERY_KIND
    assert [path.parent.name for path in tmp_path.rglob("*") if path.is_file()] == ["operation-1"]


LARGE = {**EVERY_KIND, "text": "x" * 300_000}


def large_results(sdk: SimpleNamespace, context: Any, documents: Documents) -> object:
    """Large results of a step, a child context and a map's items."""
    serdes = sdk.claim_check.ClaimCheckSerDes(documents, transient=(BusyError,))
    step = context.step(lambda _: LARGE, name="step", config=sdk.StepConfig(serdes=serdes))
    child = context.run_in_child_context(lambda _: [LARGE], name="child", config=sdk.ChildConfig(serdes=serdes))
    batch = context.map(
        [1, 2], lambda *_: (LARGE,), name="map", config=sdk.MapConfig(serdes=serdes, item_serdes=serdes)
    )
    context.wait(sdk.Duration.from_minutes(1))
    return [step == LARGE, child == [LARGE], batch.get_results() == [(LARGE,), (LARGE,)]]


def test_large_results_survive_replay(sandbox: Sandbox, documents: Documents) -> None:
    execution = sandbox.run(lambda sdk, context: large_results(sdk, context, documents))

    assert ended(execution).invocations > 1
    assert ended(execution).result == "[true, true, true]"
    assert max(len(recorded(each)) for each in execution.operations) < 1000
    assert len(documents.kept) == 5


def recorded(operation: Any) -> str:
    """An operation's recorded result."""
    details = operation.step_details or operation.context_details
    return (details.result if details else None) or ""


@pytest.mark.parametrize("cut_at", [1, 2, 3, 4, 5, 6])
def test_large_results_survive_a_lost_checkpoint(cut_at: int, documents: Documents) -> None:
    execution = Sandbox(OURS).run(lambda sdk, context: large_results(sdk, context, documents), cut_at)

    assert ended(execution).result == "[true, true, true]"


def test_a_document_lost_before_a_replay_fails_the_execution(sandbox: Sandbox, documents: Documents) -> None:
    def loses_it(sdk: SimpleNamespace, context: Any) -> object:
        serdes = sdk.claim_check.ClaimCheckSerDes(documents)
        value = context.step(lambda _: LARGE, name="step", config=sdk.StepConfig(serdes=serdes))
        documents.kept.clear()
        context.wait(sdk.Duration.from_minutes(1))
        return len(value)

    execution = sandbox.run(loses_it)

    error = ended(execution).error
    assert error
    assert error.type == "aws_durable_execution_sdk_python.exceptions.SerDesError"
    assert "Storage fails for the document claim-checks/" in (error.message or "")


@pytest.mark.parametrize("sdk", [OURS, THEIRS], ids=["ours", "theirs"])
def test_an_execution_outlives_trouble_that_passes(sdk: Sdk, documents: Documents) -> None:
    documents.troubles = [BusyError("busy"), BusyError("busy")]
    execution = Sandbox(sdk).start(lambda sdk, context: large_results(sdk, context, documents))

    finish(execution)

    assert ended(execution).result == "[true, true, true]"
    assert documents.troubles == []
