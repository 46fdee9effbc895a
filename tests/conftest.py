"""What holds for the whole suite: no test knows an AWS account, and in CI a skipped test fails."""

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # how long an example takes says something of the machine

ALLOWED_SKIPS: dict[str, str] = {
    "Nothing may be mounted here": "a disk that is small enough to be filled needs root; too large a file needs nobody",
}
"""The reason given to pytest.skip → why CI may skip for it."""


def pytest_configure(config: pytest.Config) -> None:
    """Hide whoever is signed in to AWS, so that a test that forgot its server reaches nobody's account."""
    if is_for_the_cloud(config):
        return
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        if name != "AWS_CA_BUNDLE":
            del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def is_for_the_cloud(config: pytest.Config) -> bool:
    """Whether tests of a deployed stack are asked for, and no others."""
    return bool(config.getoption("markexpr") == "cloud")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of a deployed stack unless they are asked for."""
    if is_for_the_cloud(config):
        return
    left_out = [item for item in items if item.get_closest_marker("cloud")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        fail_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        fail_in_ci(report)
    return report


def fail_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where CI=true, unless its reason is allowed."""
    reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if os.environ.get("CI") == "true" and not any(allowed in reason for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, which CI takes for a failure. {reason}"
