"""The environment variables that Lambda gives a function."""

import os
from collections.abc import Mapping

from durable_local.starting import REGION, VERSION
from durable_local.template.function import TemplateFunction

_INHERITED = ("PATH", "LD_LIBRARY_PATH")
"""What a Python needs of the machine's own environment to begin."""


def of_every_function(endpoint: str) -> dict[str, str]:
    """What is the same for all: where AWS is, and credentials that open nothing there."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_LAMBDA": endpoint,
    }


def of_a_process(function: TemplateFunction, endpoint: str) -> dict[str, str]:
    """The whole environment of a process that runs one function; only what Lambda reserves goes before its own."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    defaults = {"LANG": "en_US.UTF-8", "TZ": ":UTC", **of_every_function(endpoint)}
    return {**inherited, **defaults, **function.variables, **_reserved(function)}


def _reserved(function: TemplateFunction) -> Mapping[str, str]:
    return {
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": VERSION,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "LAMBDA_TASK_ROOT": str(function.code.resolve()),
    }
