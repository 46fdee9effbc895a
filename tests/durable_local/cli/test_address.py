from pathlib import Path

import pytest

from durable_local.cli.address import address, announce, withdraw

HERE, THERE = "http://127.0.0.1:1", "http://127.0.0.1:2"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "durable.sqlite"


def test_what_nobody_has_told_is_not_known(database: Path) -> None:
    assert address(database) is None


def test_a_server_is_found_until_it_withdraws(database: Path) -> None:
    announce(database, HERE)
    told = address(database)

    withdraw(database, HERE)

    assert (told, address(database)) == (HERE, None)


def test_a_server_that_could_not_begin_does_not_withdraw_the_one_that_runs(database: Path) -> None:
    announce(database, HERE)

    withdraw(database, THERE)

    assert address(database) == HERE
