import pytest

from app.domain.errors import InvalidKeyError
from app.domain.keys import LONGEST_KEY, LONGEST_NAME, Keys, check_key, execution_name, function_name, is_name

KEYS = Keys("nightly", "orders")


@pytest.mark.parametrize("key", ["a", "a/b.json", "staged/n_1/orders/page-00000.jsonl", "x" * LONGEST_NAME])
def test_a_plain_key_passes(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "empty name"),
        ("a//b", "empty name"),
        ("a/", "empty name"),
        ("/etc/passwd", "absolute"),
        ("../secret", "could leave the storage"),
        ("a/../../secret", "could leave the storage"),
        ("a/./b", "could leave the storage"),
        ("a\0b", r"holds '\x00'"),
        ("a\nb", r"holds '\n'"),
        ("a\\b", r"holds '\\'"),
        ("C:x", "holds ':'"),
        ("%2e%2e/x", "holds '%'"),
        ("café", "holds 'é'"),
        ("a/.hidden", "hidden name"),
        ("x" * (LONGEST_NAME + 1), "at most 128 fit"),
        ("ab/" * 200, f"at most {LONGEST_KEY} fit every storage"),
    ],
)
def test_an_unsafe_key_is_refused_with_one_clear_reason(key: str, reason: str) -> None:
    with pytest.raises(InvalidKeyError) as refused:
        check_key(key)

    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:lambda:us-east-1:123456789012:function:pipeline:live/durable-execution/nightly/5f0c",
        "nightly/inv-1",
    ],
)
def test_an_execution_is_named_between_the_last_two_slashes_of_its_arn(arn: str) -> None:
    assert execution_name(arn) == "nightly"


@pytest.mark.parametrize("arn", ["", "nightly", "a/../b", "x/" + "n" * 65 + "/y"])
def test_an_execution_whose_name_cannot_stand_in_a_key_is_refused(arn: str) -> None:
    with pytest.raises(InvalidKeyError, match="has no name that can stand in a key"):
        execution_name(arn)


def test_the_function_of_an_execution_is_told_with_the_version_that_runs_it() -> None:
    function = "arn:aws:lambda:us-east-1:123456789012:function:pipeline:7"

    assert function_name(f"{function}/durable-execution/nightly/5f0c") == function


def test_an_arn_that_names_no_function_is_refused() -> None:
    with pytest.raises(InvalidKeyError, match="'nightly/inv-1' does not name its function"):
        function_name("nightly/inv-1")


@pytest.mark.parametrize("text", ["", "-a", "a b", "ä", "a/b", "a.b", "a" * 65, "a\n"])
def test_a_text_that_is_unsafe_in_names_or_keys_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_the_same_names_always_give_the_same_keys() -> None:
    assert KEYS.page(7) == "staged/nightly/orders/page-00007.jsonl"
    assert KEYS.staged("rejected", "o-1.json") == "staged/nightly/orders/rejected/o-1.json"
    assert KEYS.final("documents", "o-1.json") == "documents/nightly/orders/o-1.json"
    assert KEYS.repeats(KEYS.page(7)) == "staged/nightly/orders/page-00007.repeats.json"


def test_a_shard_stages_among_its_siblings_what_only_it_reads() -> None:
    shard = Keys("nightly", "orders", "shard-00003")

    assert shard.page(7) == KEYS.page(7)
    assert shard.plan("shard-00003") == KEYS.plan("shard-00003") == "staged/nightly/orders/shard-00003.json"
    assert shard.staged("rejected", "b.jsonl") == "staged/nightly/orders/rejected/shard-00003/b.jsonl"


def test_the_longest_names_still_give_valid_keys() -> None:
    keys = Keys("n" * 64, "t" * 64, "shard-99999")

    assert check_key(keys.page(99_999)) == keys.page(99_999)
    assert check_key(keys.staged("documents", "i" * 64 + ".json"))
