import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.data_types.rows.paged_api import MOST_BYTES, PagedApi, http_client
from app.ports.data_source import SourceError, SourceUnavailableError
from tests.fakes.http_server import Answer, Server

Client = Callable[[], httpx.Client]


def test_pages_are_followed_to_the_last_and_rows_keep_their_spelling(api: Server, client: Client) -> None:
    api.answer("/", Answer('[{"id": 1.10}, {"id": 2}]', next_page="/?page=2"))
    api.answer("/?page=2", Answer('[{"id":\n3}]', next_page=f"{api.url}?page=3"))
    api.answer("/?page=3", Answer("[]"))

    rows = list(PagedApi(api.address, client).fetch())

    assert rows == ['{"id": 1.10}', '{"id": 2}', '{"id": 3}']
    assert api.asked == ["/", "/?page=2", "/?page=3"]


def test_a_page_is_asked_for_only_when_its_rows_are_taken(api: Server, client: Client) -> None:
    api.answer("/", Answer("[1, 2]", next_page="/?page=2"))

    rows = PagedApi(api.address, client).fetch()

    assert [next(rows), next(rows)] == ["1", "2"]
    assert api.asked == ["/"]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_an_api_in_trouble_may_recover(api: Server, client: Client, status: int) -> None:
    api.answer("/", Answer(status=status))

    with pytest.raises(SourceUnavailableError, match=f"answered {status}; it may work later"):
        list(PagedApi(api.address, client).fetch())


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("17", 17),
        ("0", 0),
        ("86400", 3_600),
        ("-5", 0),
        ("soon", 0),
        ("", 0),
        ("9" * 5_000, 0),
        (f"Wed, 21 Oct {'9' * 20} 07:28:00 GMT", 0),
        (f"Wed, 21 Oct 2015 07:28:00 +{'9' * 20}", 0),
    ],
)
def test_an_api_may_say_how_long_it_is_to_be_left_alone(api: Server, client: Client, asked: str, seconds: int) -> None:
    api.answer("/", Answer(status=429, headers={"Retry-After": asked}))

    with pytest.raises(SourceUnavailableError) as error:
        list(PagedApi(api.address, client).fetch())

    assert error.value.wait_seconds == seconds


@pytest.mark.parametrize(("minutes", "seconds"), [(2, 120), (-2, 0), (2_000, 3_600)])
def test_an_api_may_say_until_when_it_is_to_be_left_alone(
    api: Server, client: Client, minutes: int, seconds: int
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    api.answer("/", Answer(status=503, headers={"Retry-After": format_datetime(until, usegmt=True)}))

    with pytest.raises(SourceUnavailableError) as error:
        list(PagedApi(api.address, client).fetch())

    assert abs(error.value.wait_seconds - seconds) <= 5


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410])
def test_an_api_that_has_no_such_rows_is_final(api: Server, client: Client, status: int) -> None:
    api.answer("/", Answer(status=status, body=""))

    with pytest.raises(SourceError, match=f"answered {status}; correct the address") as error:
        list(PagedApi(api.address, client).fetch())

    assert not isinstance(error.value, SourceUnavailableError)


def test_an_answer_that_never_comes_may_come_later(api: Server, client: Client) -> None:
    api.answer("/", Answer(hangs=True))

    with pytest.raises(SourceUnavailableError, match=f"Cannot reach {api.url}: timed out"):
        list(PagedApi(api.address, client).fetch())


def test_an_answer_cut_off_half_way_may_come_whole_later(api: Server, client: Client) -> None:
    api.answer("/", Answer('[{"id": 1}', promised=1_000))

    with pytest.raises(SourceUnavailableError, match="Cannot reach"):
        list(PagedApi(api.address, client).fetch())


def test_an_api_that_is_not_there_may_come_back(client: Client) -> None:
    with pytest.raises(SourceUnavailableError, match=r"Cannot reach http://127.0.0.1:9/: .*refused"):
        list(PagedApi(lambda: "http://127.0.0.1:9/", client).fetch())


@pytest.mark.parametrize("body", ["", "{}", "<html>", "[1", "[" * 100_000, b"[\xff]", "[]".encode("utf-16")])
def test_an_answer_that_is_no_json_array_is_final(api: Server, client: Client, body: str | bytes) -> None:
    api.answer("/", Answer(body))

    with pytest.raises(SourceError, match=f"{api.url} did not answer with a JSON array") as error:
        list(PagedApi(api.address, client).fetch())

    assert not isinstance(error.value, SourceUnavailableError)


@pytest.mark.parametrize(
    ("body", "row"),
    [
        (b'\xef\xbb\xbf[{"a": 1}]', '{"a": 1}'),
        (b'["\xff"]', '"\udcff"'),
        (b"[" + b"[" * 100_000 + b"]" * 100_000 + b"]", "[" * 100_000 + "]" * 100_000),
    ],
)
def test_a_row_that_only_the_mapper_can_refuse_passes(api: Server, client: Client, body: bytes, row: str) -> None:
    api.answer("/", Answer(body))

    assert list(PagedApi(api.address, client).fetch()) == [row]


def test_a_redirect_is_final_and_not_followed(api: Server, client: Client) -> None:
    api.answer("/", Answer(status=301, headers={"Location": "/"}))

    with pytest.raises(SourceError, match="answered 301, a redirect, and none is followed; correct the address"):
        list(PagedApi(api.address, client).fetch())

    assert api.asked == ["/"]


def test_a_packed_page_is_refused_before_it_is_unpacked(api: Server, client: Client) -> None:
    api.answer("/", Answer(b"a bomb", headers={"Content-Encoding": "gzip, gzip"}))

    with pytest.raises(SourceError, match="answered 200 packed as 'gzip, gzip', which it was not asked for"):
        list(PagedApi(api.address, client).fetch())


def test_a_page_that_is_too_large_is_final(api: Server, client: Client) -> None:
    api.answer("/", Answer(b" " * (MOST_BYTES + 1)))

    with pytest.raises(SourceError, match="has more than 16777216 bytes; have the API make pages smaller"):
        list(PagedApi(api.address, client).fetch())


def test_pages_without_end_end_with_an_error(api: Server, client: Client) -> None:
    api.answer("/", Answer("[]", next_page="/?page=2"))
    api.answer("/?page=2", Answer("[]", next_page="/?page=3"))

    with pytest.raises(SourceError, match="is one page more than 2; have the API make them larger"):
        list(PagedApi(api.address, client, most_pages=2).fetch())

    assert len(api.asked) == 2


def test_a_link_that_is_no_address_is_final(api: Server, client: Client) -> None:
    api.answer("/", Answer("[]", next_page="http://shop:port/"))

    with pytest.raises(SourceError, match="links to 'http://shop:port/', which is no address: Invalid port"):
        list(PagedApi(api.address, client).fetch())


def rows_or_refusal(source: PagedApi) -> list[str] | None:
    """The rows, or none where the source refuses its page for good."""
    try:
        return list(source.fetch())
    except SourceUnavailableError:
        raise
    except SourceError:
        return None


@given(body=st.binary() | st.binary().map(lambda inside: b"[" + inside + b"]"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_page_holds_it_becomes_rows_or_a_final_error(api: Server, client: Client, body: bytes) -> None:
    api.answer("/", Answer(body))

    rows = rows_or_refusal(PagedApi(api.address, client))

    assert rows is None or all("\n" not in row for row in rows)


@given(members=st.lists(st.text() | st.integers() | st.dictionaries(st.text(), st.floats())))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_has_as_many_rows_as_its_array_has_members(api: Server, client: Client, members: list[object]) -> None:
    api.answer("/", Answer(json.dumps(members)))

    assert len(list(PagedApi(api.address, client).fetch())) == len(members)


def test_pages_that_link_in_a_circle_end_with_an_error(api: Server, client: Client) -> None:
    api.answer("/", Answer("[1]", next_page="/?page=2"))
    api.answer("/?page=2", Answer("[2]", next_page="/"))

    with pytest.raises(SourceError, match="its pages never end"):
        list(PagedApi(api.address, client).fetch())


def test_a_link_to_another_host_is_not_followed(api: Server, client: Client) -> None:
    api.answer("/", Answer("[1]", next_page="http://169.254.169.254/latest/meta-data"))

    with pytest.raises(SourceError, match=r"links to another host, 169\.254\.169\.254"):
        list(PagedApi(api.address, client).fetch())


def test_errors_do_not_tell_the_query_or_the_password(api: Server, client: Client) -> None:
    api.answer("/?token=secret", Answer(status=500))
    address = f"{api.url}?token=secret".replace("//", "//user:secret@")

    with pytest.raises(SourceUnavailableError) as error:
        list(PagedApi(lambda: address, client).fetch())

    assert "secret" not in str(error.value)


def test_the_client_has_time_limits_and_follows_no_redirect() -> None:
    with http_client() as client:
        assert (client.timeout.connect, client.timeout.read) == (5, 10)
        assert not client.follow_redirects


def test_a_proxy_in_the_environment_does_not_stand_between_this_machine_and_itself(
    monkeypatch: pytest.MonkeyPatch, api: Server
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    api.answer("/", Answer("[1]"))

    with http_client() as client:
        assert list(PagedApi(api.address, lambda: client).fetch()) == ["1"]
