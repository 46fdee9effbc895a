import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from durable_local.hosts.sharing import ConflictError, share
from durable_local.template.function import TemplateFunction

ENDPOINT = "http://127.0.0.1:1"
CODE = "import os\n\n\ndef handler(event, context):\n    return os.environ['LEVEL']\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two folders with code; the environment, the path and the modules are as before afterwards."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "shared_shop.py").write_text(CODE)
    for variable in ("LEVEL", "AWS_ENDPOINT_URL_LAMBDA", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(variable, "of the shell")
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "real")
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    sys.modules.pop("shared_shop", None)


def function(
    name: str, code: Path, variables: Mapping[str, str], handler: str = "shared_shop.handler"
) -> TemplateFunction:
    return TemplateFunction(name, handler, code, "python3.13", variables=variables)


def test_functions_that_agree_share_the_process(folder: Path) -> None:
    one = function("one", folder / "one", {"LEVEL": "high"})
    other = function("other", folder / "one", {}, "shared_shop.handler")

    handlers = share([one, other], ENDPOINT)

    assert [handlers["one"](None, None), handlers["other"](None, None)] == ["high", "high"]
    assert os.environ["AWS_ENDPOINT_URL_LAMBDA"] == ENDPOINT
    assert os.environ["AWS_ACCESS_KEY_ID"] == "local"


def test_functions_that_give_a_variable_different_values_are_named_and_nothing_is_changed(folder: Path) -> None:
    one = function("one", folder / "one", {"LEVEL": "high", "MODE": "a", "SAME": "s"})
    other = function("other", folder / "one", {"LEVEL": "low", "MODE": "b", "SAME": "s"})

    with pytest.raises(ConflictError, match=r"one and other give different values to LEVEL, MODE,.*--host processes"):
        share([one, other], ENDPOINT)
    assert os.environ["LEVEL"] == "of the shell"


def test_functions_whose_modules_have_the_same_name_are_named(folder: Path) -> None:
    one, other = (function(name, folder / name, {}) for name in ("one", "two"))

    with pytest.raises(ConflictError, match=r"two needs module shared_shop of .*two, but here it is that of .*one"):
        share([one, other], ENDPOINT)


def test_a_folder_of_links_is_the_folder_that_they_lead_to(folder: Path) -> None:
    (folder / "links").mkdir()
    (folder / "links/shared_shop.py").symlink_to(folder / "one/shared_shop.py")
    one = function("one", folder / "one", {})
    other = function("other", folder / "links", {})

    assert set(share([one, other], ENDPOINT)) == {"one", "other"}
