import hashlib
import json

from durable_local.tokens import callback_id, concealed


def test_a_callback_id_is_concealed_wherever_it_stands() -> None:
    first, second = callback_id(), callback_id()

    assert concealed(json.dumps({"id": first, "more": [f"x/{second}?"]})) == (
        '{"id": "(a callback id)", "more": ["x/(a callback id)?"]}'
    )
    assert concealed(first + second) == 2 * "(a callback id)"


def test_hashes_and_words_are_left_as_they_are() -> None:
    text = f"{hashlib.sha256(b'x').hexdigest()} {hashlib.sha512(b'x').hexdigest()} {'Normalisation' * 9}"

    assert concealed(text) == text
