from pathlib import Path

import pytest

from durable_local.hosts.environment import of_a_process
from durable_local.template.function import TemplateFunction

FUNCTION = TemplateFunction(
    "pipeline",
    "app.handler",
    Path("code"),
    "python3.13",
    memory_mb=256,
    variables={"LEVEL": "high", "AWS_ACCESS_KEY_ID": "real", "AWS_LAMBDA_FUNCTION_NAME": "forged"},
    log_format="JSON",
)


def test_a_process_gets_what_lambda_gives_and_what_the_function_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)

    assert of_a_process(FUNCTION, "http://127.0.0.1:1") == {
        "PATH": "/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_ACCESS_KEY_ID": "real",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:1",
        "LEVEL": "high",
        "_HANDLER": "app.handler",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_NAME": "pipeline",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/pipeline",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "LAMBDA_TASK_ROOT": str(Path("code").resolve()),
    }
