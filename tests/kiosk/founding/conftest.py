"""Ceremonies in tests stretch their passphrases little: what a guess costs is measured in sealing/test_opening.py's keys, not here."""

import pytest


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_N", 2**8)
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_P", 1)
