import pytest

from app.domain.errors import InvalidRequestError
from app.domain.greeting import LONGEST_NAME, greeting


def test_whoever_the_event_names_is_greeted() -> None:
    assert greeting({"name": " Ada "}) == "Hello, Ada!"


@pytest.mark.parametrize("event", [None, "Ada", {}, {"name": "Ada", "mood": "gay"}])
def test_an_event_of_another_shape_is_refused(event: object) -> None:
    with pytest.raises(InvalidRequestError, match=r'^The event must be an object with the one member "name"$'):
        greeting(event)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", 7, None, "x" * (LONGEST_NAME + 1)])
def test_a_name_by_which_nobody_can_be_greeted_is_refused(name: object) -> None:
    with pytest.raises(InvalidRequestError, match=r'^"name" must be 1 to 100 printable characters, not '):
        greeting({"name": name})
