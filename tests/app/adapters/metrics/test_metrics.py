import json
from typing import Any

import pytest

from app.adapters.metrics.powertools import PowertoolsMetrics
from app.adapters.metrics.silent import SilentMetrics
from app.domain.measures import Measures, ended

ROWS = Measures({"RowsIngested": 42, "RowsRejected": 4}, {"dataType": "teas"})


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_of_the_measures_is_a_line_from_which_cloudwatch_makes_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    PowertoolsMetrics("Shop").count("pipeline", [ROWS, ended("succeeded")])

    rows, executions = printed(capsys)
    (made,) = rows["_aws"]["CloudWatchMetrics"]
    assert (made["Namespace"], sorted(made["Dimensions"][0])) == ("Shop", ["dataType", "service"])
    assert made["Metrics"] == [{"Name": name, "Unit": "Count"} for name in ("RowsIngested", "RowsRejected")]
    assert (rows["service"], rows["dataType"]) == ("pipeline", "teas")
    assert (rows["RowsIngested"], rows["RowsRejected"]) == ([42], [4])
    assert (executions["Executions"], executions["outcome"]) == ([1], "succeeded")


def test_what_was_counted_before_is_not_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = PowertoolsMetrics("Shop")

    metrics.count("pipeline", [ROWS])
    metrics.count("tour", [ended("failed")])

    _, second = printed(capsys)
    assert "RowsIngested" not in second
    assert (second["service"], second["Executions"]) == ("tour", [1])


def test_nobody_sees_silent_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    SilentMetrics().count("pipeline", [ROWS])

    assert printed(capsys) == []
