import pytest

from tests.conftest import ALLOWED_SKIPS, fail_in_ci


@pytest.fixture
def skipped() -> pytest.TestReport:
    where = ("test_kills.py", 7, "Skipped: no second process here")
    return pytest.TestReport("test_kills.py::test_x", ("test_kills.py", 7, "x"), {}, "skipped", where, "call")


def test_a_skip_in_ci_is_a_failure_that_tells_the_reason(
    skipped: pytest.TestReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")

    fail_in_ci(skipped)

    assert skipped.failed
    assert "test_kills.py::test_x was skipped" in str(skipped.longrepr)
    assert "no second process here" in str(skipped.longrepr)


def test_a_skip_at_a_desk_stays_a_skip(skipped: pytest.TestReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    fail_in_ci(skipped)

    assert skipped.skipped


def test_a_skip_for_an_allowed_reason_stays_a_skip_in_ci(
    skipped: pytest.TestReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setitem(ALLOWED_SKIPS, "no second process", "only shown here")

    fail_in_ci(skipped)

    assert skipped.skipped
