from durable.model import OperationSubType
from durable_local.store.operations import sealed


def test_a_seal_is_the_same_for_a_word_of_the_core_and_for_the_text_that_is_read_again() -> None:
    assert sealed("id", "STEP", None, OperationSubType.STEP, 1) == sealed("id", "STEP", None, "Step", 1)


def test_a_seal_tells_nothing_from_a_text_that_says_so() -> None:
    assert sealed("id", None) != sealed("id", "None")
    assert sealed("id", 1) != sealed("id", "1")
