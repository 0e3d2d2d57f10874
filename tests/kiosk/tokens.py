"""A PKCS#11 token in software (SoftHSM 2), fresh in a folder that goes away."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")
PIN = "123456"


def soft_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new token's address up to its object: `pkcs11:token=...;object={}?...`. Skips where SoftHSM or python-pkcs11 is absent.

    SoftHSM reads its settings once a process, so all tests of one process share a folder of tokens."""
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed: pip install 'mpaka[token]'")
    module = next((place for place in PLACES if Path(place).exists()), None)
    program = shutil.which("softhsm2-util")
    if module is None or program is None:
        pytest.skip("SoftHSM 2 is not installed: apt-get install softhsm2")
    monkeypatch.setenv("SOFTHSM2_CONF", str(_settings()))
    label = f"mpaka-{folder.name}"[:32]
    pins = ["--pin", PIN, "--so-pin", "654321"]
    subprocess.run([program, "--init-token", "--free", "--label", label, *pins], check=True, capture_output=True)
    pin = folder / "pin"
    pin.write_text(PIN + "\n", encoding="utf-8")
    import_again(module)
    return f"pkcs11:token={label};object={{}}?module-path={module}&pin-source=file:{pin}"


def import_again(module: str) -> None:
    """Let the library see tokens that were made since it was loaded."""
    import pkcs11

    pkcs11.lib(module).reinitialize()


@cache
def _settings() -> Path:
    """Made once a process, and gone with it."""
    folder = Path(tempfile.mkdtemp(prefix="mpaka-tokens-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n", encoding="utf-8")
    return settings
