from collections.abc import Callable

import httpx
import pytest

from app.adapters.data_types.rows.paged_api import PagedApi, http_client
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


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 410])
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


@pytest.mark.parametrize("body", ["", "{}", "<html>", "[1", "[" * 100_000, b"[\xff]"])
def test_an_answer_that_is_no_json_array_is_final(api: Server, client: Client, body: str | bytes) -> None:
    api.answer("/", Answer(body))

    with pytest.raises(SourceError, match=f"{api.url} did not answer with a JSON array") as error:
        list(PagedApi(api.address, client).fetch())

    assert not isinstance(error.value, SourceUnavailableError)


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
