"""Ceremonies in tests stretch their passphrases little: what a guess costs is asserted in sealing/test_opening.py."""

import pytest


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_N", 2**8)
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_P", 1)
