"""Callbacks and stops in a database that no server has."""

import json
import sqlite3
from contextlib import closing

import pytest

from durable.model import CallbackDetails, Operation, OperationStatus, OperationType
from durable_local.cli.answering import open_callback
from durable_local.cli.console import UsageError
from tests.durable_local.cli.conftest import Shop


def callback(id_: str, name: str | None, parent: str | None = None, status: str = "STARTED") -> Operation:
    details = CallbackDetails(f"secret-{id_}")
    return Operation(id_, OperationType.CALLBACK, OperationStatus(status), parent, name, callback_details=details)


def waiting(shop: Shop, name: str) -> str:
    """An execution that waits for its callback named approval; the callback's id."""
    assert shop.durable("run", "shop.asks", "--name", name).returncode == 3
    with closing(sqlite3.connect(shop.folder / ".durable/durable.sqlite")) as database:
        query = (
            "SELECT callback_id FROM operations JOIN executions ON execution = key "
            "WHERE type = 'CALLBACK' AND executions.name = ?"
        )
        (callback_id,) = database.execute(query, (name,)).fetchone()
    return str(callback_id)


def test_a_callback_is_found_by_its_own_name_and_by_that_of_what_has_made_it() -> None:
    context = Operation("c", OperationType.CONTEXT, OperationStatus.STARTED, None, "review")
    operations = [context, callback("1", "review create callback id", "c"), callback("2", "approval")]

    assert open_callback(operations, "review") == "secret-1"
    assert open_callback(operations, "approval") == "secret-2"


def test_a_callback_that_is_not_open_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="no open callback sent; open are: approval"):
        open_callback([callback("1", "sent", status="SUCCEEDED"), callback("2", "approval")], "sent")


def test_of_two_callbacks_with_one_name_none_is_answered() -> None:
    with pytest.raises(UsageError, match="2 of its open callbacks are named approval") as refusal:
        open_callback([callback("1", "approval"), callback("2", "approval")], "approval")

    assert "secret" not in str(refusal.value)


def test_an_answer_by_name_lets_the_execution_go_on_and_tells_no_id(shop: Shop) -> None:
    callback_id = waiting(shop, "by-name")

    answered = shop.durable("callback", "succeed", "by-name", "approval", "--result", '{"ok": true}')
    again = shop.durable("run", "shop.asks", "--name", "by-name", "--json")

    assert (answered.returncode, answered.stdout, answered.stderr) == (0, "Answered.\n", "")
    assert json.loads(again.stdout)["Result"] == '{"ok": true}'
    assert callback_id not in answered.stdout + again.stdout + again.stderr


def test_an_id_comes_from_stdin_and_a_callback_is_answered_once(shop: Shop) -> None:
    callback_id = waiting(shop, "by-id")

    first, second = (shop.inside("callback", "fail", "--id", "-", "--message", "no", given=callback_id) for _ in "12")
    (operation,) = shop.told("show", "by-id")["Operations"]

    assert (first.exit_code, first.stdout) == (0, "Answered with a failure.\n")
    assert operation["Error"] == {"ErrorMessage": "no"}
    assert second.exit_code == 1
    assert "The callback approval of execution by-id is closed" in second.stderr
    assert callback_id not in second.stderr


def test_a_heartbeat_leaves_the_callback_open(shop: Shop) -> None:
    waiting(shop, "working")

    beaten = shop.inside("callback", "heartbeat", "working", "approval")

    assert beaten.exit_code == 0
    assert shop.told("show", "working")["Operations"][0]["Status"] == "STARTED"


def test_a_stop_is_told_with_its_reason_and_changes_nothing_the_second_time(shop: Shop) -> None:
    waiting(shop, "unwanted")

    first, second = (shop.inside("stop", "unwanted", "--message", reason) for reason in ("wrong one", "again"))
    stopped = shop.told("show", "unwanted")

    assert (first.exit_code, first.stdout) == (0, "Execution unwanted is stopped.\n")
    assert (second.exit_code, second.stdout) == (
        0,
        "Execution unwanted was over before, STOPPED; nothing has changed.\n",
    )
    assert (stopped["Status"], stopped["Error"]) == ("STOPPED", {"ErrorMessage": "wrong one"})
    assert shop.inside("callback", "succeed", "unwanted", "approval").exit_code == 1


def test_a_stop_for_scripts_is_one_document(shop: Shop) -> None:
    waiting(shop, "scripted")

    assert shop.told("stop", "scripted")["Status"] == "STOPPED"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["callback", "succeed"], "Give the execution and the operation's name, or --id alone"),
        (["callback", "fail", "monday"], "Give the execution and the operation's name, or --id alone"),
        (["callback", "heartbeat", "nobody", "approval"], "There is no execution nobody"),
        (["callback", "succeed", "--id", "bm9uZQ=="], "There is no callback with this id"),
        (["stop", "nobody"], "There is no execution nobody"),
    ],
)
def test_wrong_usage_is_told_with_its_exit_code(shop: Shop, arguments: list[str], told: str) -> None:
    waiting(shop, "something")

    refused = shop.inside(*arguments)

    assert refused.exit_code == 2
    assert told in refused.stderr
