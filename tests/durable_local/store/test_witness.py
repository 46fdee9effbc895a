from pathlib import Path

from durable_local.store.witness import Witness


def test_a_change_is_remembered_by_the_next_process(tmp_path: Path) -> None:
    Witness(str(tmp_path / "witness")).write(7, 3)

    assert Witness(str(tmp_path / "witness")).read() == (7, 3)


def test_a_new_witness_remembers_nothing_and_an_old_one_can_forget(tmp_path: Path) -> None:
    witness = Witness(str(tmp_path / "witness"))

    assert witness.read() is None
    witness.write(7, 3)
    witness.write(0, 0)
    assert witness.read() is None


def test_what_was_half_written_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "witness"
    Witness(str(path)).write(7, 3)
    content = bytearray(path.read_bytes())
    content[8] ^= 1
    path.write_bytes(content)

    assert Witness(str(path)).read() is None
