from pathlib import Path

import pytest

from durable_local.console.samples import Samples
from durable_local.errors import InvalidParameterValueError, ResourceNotFoundError


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    folder = tmp_path / "events"
    (folder / "deeper").mkdir(parents=True)
    for name in ("pipeline", "cart-reminder", "cart-reminder-late", "deeper/hidden"):
        (folder / f"{name}.json").write_text(f'"{name}"')
    (folder / "notes.txt").write_text("no event")
    (folder / "folder.json").mkdir()
    (tmp_path / "secret.json").write_text('"secret"')
    return Samples(folder, {"Reminder": "app.entrypoints.cart_reminder.handler", "Pipeline": "pipeline.handler"})


def test_those_of_the_handlers_module_come_first(samples: Samples) -> None:
    assert samples.of("Reminder") == (["cart-reminder", "cart-reminder-late"], ["pipeline"])
    assert samples.of("Pipeline") == (["pipeline"], ["cart-reminder", "cart-reminder-late"])


def test_a_function_that_nobody_knows_has_none_of_its_own(samples: Samples) -> None:
    assert samples.of("Other") == ([], ["cart-reminder", "cart-reminder-late", "pipeline"])


def test_a_sample_is_read_as_it_stands(samples: Samples) -> None:
    assert samples.text("pipeline") == '"pipeline"'


@pytest.mark.parametrize(
    "name", ["", "nothing", "notes", "notes.txt", "pipeline.json", "folder", "../secret", "deeper/hidden", "/etc/hosts"]
)
def test_no_name_leads_anywhere_else(samples: Samples, name: str) -> None:
    with pytest.raises(ResourceNotFoundError, match="no sample event"):
        samples.text(name)


def test_one_that_cannot_be_read_is_told(samples: Samples) -> None:
    assert samples.folder
    (samples.folder / "pipeline.json").write_bytes(b"\xff")

    with pytest.raises(InvalidParameterValueError, match="The sample event pipeline cannot be read"):
        samples.text("pipeline")


def test_a_project_without_samples_has_none(tmp_path: Path) -> None:
    assert Samples(tmp_path / "nowhere").of("Pipeline") == Samples().of("Pipeline") == ([], [])
