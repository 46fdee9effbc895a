import pytest

from durable.model import ErrorObject
from durable_local.console.content import MOST_LETTERS, Content, Failure, beginning, content, failure
from durable_local.store.payloads import Beginning
from durable_local.tokens import callback_id

SECRET = callback_id()


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ('{"größe":[1,2]}', '{\n  "größe": [\n    1,\n    2\n  ]\n}'),
        ('"\\u00fc"', '"ü"'),
        ("not JSON", "not JSON"),
        ("[" * 100_000, "[" * 100_000),
        ("", ""),
    ],
)
def test_json_is_laid_out_and_anything_else_stands_as_it_is(payload: str, text: str) -> None:
    assert content(payload) == Content(text)


def test_what_there_is_not_has_no_content() -> None:
    assert content(None) is None
    assert failure(None) is None


def test_what_is_long_is_cut_and_the_rest_counted() -> None:
    assert content("x" * (MOST_LETTERS + 7)) == Content("x" * MOST_LETTERS, 7)


def test_no_part_of_a_callback_id_is_left_where_a_text_is_cut() -> None:
    told = content("x" * (MOST_LETTERS - 20) + SECRET)

    assert told
    assert told.text.endswith("x(a callback id)")


def test_a_callback_id_that_json_escapes_hide_is_concealed() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)

    assert content(f'"{escaped}"') == Content('"(a callback id)"')


def test_what_was_read_to_its_end_is_told_like_any_other() -> None:
    assert beginning(Beginning("[1]")) == content("[1]")
    assert beginning(None) is None


def test_what_was_not_read_to_its_end_stands_as_it_is() -> None:
    told = beginning(Beginning("[1," * 50_000, 9))

    assert told == Content(("[1," * 50_000)[:MOST_LETTERS], 50_009)


@pytest.mark.parametrize("letters", range(1, len(SECRET) + 1))
def test_no_part_of_a_callback_id_is_left_where_a_reading_ended(letters: int) -> None:
    told = beginning(Beginning(SECRET + SECRET[:letters], 7))

    assert told
    assert SECRET[:8] not in told.text


def test_a_callback_id_that_escapes_hide_is_concealed_in_what_is_no_whole_json() -> None:
    escaped = "".join(f"\\u{ord(letter):04X}" for letter in SECRET)

    assert beginning(Beginning(f'["{escaped}"{" " * 64}', 7)) == Content('["(a callback id)"', 7 + 64 + 6 * 64 - 15)


def test_an_error_is_told_with_its_trace_and_data() -> None:
    error = ErrorObject(f"no {SECRET}", "shop.PaymentError", '{"card":1}', ["File a\n", "File b"])

    assert failure(error) == Failure(
        "shop.PaymentError", Content("no (a callback id)"), Content("File a\nFile b"), Content('{\n  "card": 1\n}')
    )


def test_an_error_that_tells_nothing_is_still_an_error() -> None:
    assert failure(ErrorObject()) == Failure("Error", Content(""), Content(""), None)
