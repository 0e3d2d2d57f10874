"""The readiness report says what is not ready, and what to do about it."""

import socket
from pathlib import Path

from kiosk.diagnostics.readiness import Finding, State, broker, folder, memory_folder, private_file, ready, report
from kiosk.settings import LinkSettings


def test_a_folder_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    found = folder("data", tmp_path / "none")
    assert found.state is State.NOT_READY
    assert "install -d" in found.to_do


def test_a_runtime_folder_on_a_disk_is_named_as_such(tmp_path: Path) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\ntmpfs {tmp_path}/run tmpfs rw 0 0\n"
    (tmp_path / "run" / "lane").mkdir(parents=True)
    (tmp_path / "disk").mkdir()
    assert memory_folder("runtime", tmp_path / "run" / "lane", mounts).found.startswith(str(tmp_path / "run" / "lane"))
    assert "on a disk" in memory_folder("runtime", tmp_path / "disk", mounts).found


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "station.key"
    assert private_file("key", key).state is State.NOT_READY
    key.write_bytes(b"x")
    key.chmod(0o644)
    assert "chmod 600" in private_file("key", key).to_do
    key.chmod(0o600)
    assert private_file("key", key).state is State.READY


def test_a_broker_that_is_not_there_is_a_warning_since_records_wait() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert broker("broker", LinkSettings(host="127.0.0.1", port=port, tls=False)).state is State.READY
    assert broker("broker", LinkSettings(host="127.0.0.1", port=port, tls=False)).state is State.WARNING


def test_the_worst_comes_last_and_the_verdict_counts() -> None:
    text = report([Finding("printer", State.NOT_READY, "lost", "plug it in"), ready("keys", "there")])
    assert text.splitlines()[0].startswith("● ready")
    assert "→ plug it in" in text
    assert text.endswith("NOT READY: 1 of 2 parts. 1 ready, 0 to look at, 1 not ready.")
