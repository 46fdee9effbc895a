"""Puts the functions of a template where they run."""

from collections.abc import Sequence
from pathlib import Path

from durable_local.hosts import Host
from durable_local.hosts.environment import of_a_process
from durable_local.hosts.events import envelope, takes_the_service, with_service
from durable_local.hosts.interpreter import check_interpreter
from durable_local.hosts.loading import warm
from durable_local.hosts.processes import PlainProcess, ProcessHost
from durable_local.hosts.processes.pool import Pool
from durable_local.hosts.processes.worker import Program
from durable_local.hosts.sharing import share
from durable_local.hosts.threads import PlainFunction, ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.template.function import TemplateFunction


def host_in_threads(runtime: LocalRuntime, functions: Sequence[TemplateFunction], endpoint: str | None) -> None:
    """Import the functions here. Raises ConflictError, HandlerNotFoundError, and whatever importing them raises.

    Without an endpoint only functions of our own core reach the service, for they need no network.
    """
    handlers = share(functions, endpoint)
    for function in functions:
        handler = handlers[function.name]
        if function.durable:
            presenter = with_service(runtime.service) if takes_the_service(handler) else envelope
            runtime.functions[function.name] = _durable(function, ThreadHost(warm(handler), presenter))
        else:
            runtime.functions[function.name] = PlainFunction(
                warm(handler), function.timeout_seconds, function.memory_mb
            )


def host_in_processes(
    runtime: LocalRuntime, functions: Sequence[TemplateFunction], endpoint: str, pool: Pool, python: Path
) -> None:
    """Have the pool run the functions with a Python. Raises InterpreterError if that cannot be."""
    check_interpreter(python, functions)
    for function in functions:
        variables = of_a_process(function, endpoint)
        host = ProcessHost(pool, Program(function.name, python, function.code.resolve(), variables, function.memory_mb))
        runtime.functions[function.name] = (
            _durable(function, host) if function.durable else PlainProcess(host, function.timeout_seconds)
        )


def _durable(function: TemplateFunction, host: Host) -> Function:
    config = function.durable
    return Function(
        host,
        function.timeout_seconds,
        config.execution_timeout_seconds if config else None,
        config.retention_days if config else None,
        function.memory_mb,
        _own_code(function),
    )


def _own_code(function: TemplateFunction) -> Path:
    top = function.code / function.handler.replace("/", ".").partition(".")[0]
    return top if top.is_dir() else top.with_suffix(".py")
