"""The page of one execution, over HTTP."""

import json

from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import asks, doubles, fails, invokes, maps


def test_an_execution_tells_its_status_its_input_and_its_result(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    execution = visit.ended("doubles", 21, "monday")

    told = visit.text("executions/monday")

    assert "monday ✓ succeeded Function doubles Started" in told
    assert "Invocations 1 History 5 events" in told
    assert "Input 21 Result 42" in told
    assert execution.arn in told


def test_a_failed_execution_tells_its_error_and_where_it_came_from(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no stock", "monday")

    told = visit.text("executions/monday")

    assert "monday ✗ failed" in told
    assert "no stock" in told
    assert "Stack trace File" in told


def test_operations_are_a_tree_with_attempts_and_errors_and_lead_to_their_pages(visit: Visit) -> None:
    visit.served.host("fails", fails)
    arn = visit.ended("fails", "no stock", "monday").arn
    (_, charge) = visit.served.runtime.executions.operations(arn)

    page = visit.page("executions/monday")

    assert page.count(f'href="/console/executions/monday/operations/{charge.operation_id}"') == 2
    assert "2 attempts" in page
    assert '<span class="bad">ValueError: no stock</span>' in page


def test_many_like_iterations_are_counted_until_all_are_asked_for(visit: Visit) -> None:
    visit.served.host("maps", maps)
    visit.ended("maps", 12, "monday")

    few, all_ = visit.text("executions/monday"), visit.text("executions/monday?all")

    assert "… and 9 more, all succeeded" in few
    assert "Show all operations" in few
    assert "more, all succeeded" not in all_
    assert "Show all operations" not in all_
    assert all_.count("✓ store") == 2 * 12


def test_an_execution_that_waits_tells_so(visit: Visit) -> None:
    visit.served.host("asks", asks)
    visit.served.start_and_ask("asks", {}, "monday")

    told = visit.text("executions/monday")

    assert "monday … running" in told
    assert "Runs for" in told
    assert '<h2 id="result">' not in visit.page("executions/monday")


def test_executions_lead_to_those_that_they_invoked_and_back(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    visit.served.host("invokes", invokes)
    visit.ended("invokes", 21, "parent")
    (child,) = (each.name for each in visit.served.runtime.executions.newest(2) if each.name != "parent")

    assert f'href="/console/executions/{child}">execution {child}</a>' in visit.page("executions/parent")
    assert 'Invoked by</dt><dd><a href="/console/executions/parent">' in visit.page(f"executions/{child}")
    assert "Invoked by" not in visit.page("executions/parent")


def test_a_long_result_is_cut_and_the_page_says_what_prints_all(visit: Visit) -> None:
    visit.served.runtime.functions.clear()
    visit.served.host("maps", maps)
    visit.served.start("maps", 0, "monday")
    visit.served.runtime.executions.start("maps", json.dumps("x" * 100_010), "long")

    assert "… and 12 letters more; durable history NAME --include-execution-data --json prints all" in visit.text(
        "executions/long"
    )
