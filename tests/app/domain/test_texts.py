import pytest

from app.domain.errors import RowRejectedError
from app.domain.texts import check_text


@pytest.mark.parametrize("text", ["Ada", "Tin\nlarge\r\n\tblue", "<b>Ada</b>", "Ада", "é", "\u202e"])
def test_a_text_may_have_several_lines_any_script_and_markup(text: str) -> None:
    check_text("name", text)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0\u2003"])
def test_a_blank_text_is_refused(text: str) -> None:
    with pytest.raises(RowRejectedError, match=r"^name: .* is blank; give it a text$"):
        check_text("name", text)


@pytest.mark.parametrize("sign", ["\0", "\a", "\b", "\v", "\f", "\x1b", "\x7f", "\x85", "\x9f"])
def test_a_control_character_is_refused_and_shown_harmlessly(sign: str) -> None:
    with pytest.raises(RowRejectedError) as refused:
        check_text("name", f"A{sign}da")

    assert f"holds the control character {sign!r}; leave it out" in refused.value.reason
    assert refused.value.reason.isprintable()
