import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from durable_local.clock import SystemClock
from durable_local.hosting import host_in_processes, host_in_threads
from durable_local.hosts.processes.pool import Pool
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database
from durable_local.template.function import DurableConfig, TemplateFunction

CODE = """
import os

from durable import durable_execution


@durable_execution
def ours(event, context):
    return os.environ["LEVEL"]


def plain(event, context):
    return [event, os.environ["LEVEL"], context.memory_limit_in_mb]
"""
ENDPOINT = "http://127.0.0.1:9"


@pytest.fixture
def functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[TemplateFunction]]:
    (tmp_path / "hosted_shop.py").write_text(CODE)
    for variable in ("LEVEL", "AWS_ENDPOINT_URL_LAMBDA", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(variable, "of the shell")
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield [
        TemplateFunction(
            name,
            f"hosted_shop.{name}",
            tmp_path,
            "python3.13",
            timeout_seconds=20,
            memory_mb=512,
            durable=DurableConfig(60, 3) if is_durable else None,
            variables={"LEVEL": "high"},
        )
        for name, is_durable in {"ours": True, "plain": False}.items()
    ]
    sys.modules.pop("hosted_shop", None)


@pytest.fixture
def runtime() -> LocalRuntime:
    return LocalRuntime(Database(IN_MEMORY), SystemClock())


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(lambda function, line: None, 1)
    yield pool
    pool.close()


def check(runtime: LocalRuntime) -> None:
    """The template's settings hold wherever the functions run, and a plain one answers."""
    ours, plain = runtime.functions["ours"], runtime.functions["plain"]
    assert isinstance(ours, Function)
    assert (ours.invocation_timeout_seconds, ours.execution_timeout_seconds, ours.retention_days) == (20, 60, 3)
    assert not isinstance(plain, Function)
    assert plain.timeout_seconds == 20
    assert runtime.call("plain", "7").result == '[7, "high", "512"]'
    assert (ours.memory_mb, plain.memory_mb) == (512, 512)


def test_functions_in_threads_have_the_templates_settings(
    runtime: LocalRuntime, functions: list[TemplateFunction]
) -> None:
    host_in_threads(runtime, functions, ENDPOINT)

    check(runtime)


def test_functions_in_processes_have_the_templates_settings(
    runtime: LocalRuntime, functions: list[TemplateFunction], pool: Pool
) -> None:
    host_in_processes(runtime, functions, ENDPOINT, pool, Path(sys.executable))

    check(runtime)


def test_our_core_needs_no_network_in_threads(runtime: LocalRuntime, functions: list[TemplateFunction]) -> None:
    host_in_threads(runtime, functions, ENDPOINT)

    execution = runtime.run(runtime.start("ours", "{}"))

    assert execution.result == '"high"'


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        ("hosted_shop.ours", "hosted_shop.py"),
        ("hosted_mall.shop.ours", "hosted_mall"),
        ("hosted_mall/shop.ours", "hosted_mall"),
    ],
)
def test_a_function_knows_the_package_or_the_module_of_its_handler(
    runtime: LocalRuntime, functions: list[TemplateFunction], tmp_path: Path, handler: str, code: str
) -> None:
    (tmp_path / "hosted_mall").mkdir()
    (tmp_path / "hosted_mall" / "shop.py").write_text(CODE)

    host_in_threads(runtime, [replace(functions[0], handler=handler)], ENDPOINT)

    hosted = runtime.functions["ours"]
    assert isinstance(hosted, Function)
    assert hosted.code == tmp_path / code
    for name in ("hosted_mall.shop", "hosted_mall"):
        sys.modules.pop(name, None)
