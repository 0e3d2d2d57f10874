"""What the tests of sealing share."""

import pytest


@pytest.fixture
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases little; what a guess costs is asserted apart."""
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_N", 2**8)
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_P", 1)
