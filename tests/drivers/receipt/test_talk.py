from drivers.receipt import escpos
from drivers.receipt.talk import QUESTIONS, Talk
from firmware_bridge.wire import WireSilent

FOUR = b"".join(map(escpos.ask, QUESTIONS))


class FullWire:
    """Takes nothing while it is full."""

    def __init__(self) -> None:
        self.full, self.taken, self.said = True, b"", b""

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        if self.full:
            raise WireSilent("full", 0)
        self.taken += bytes(data)

    def receive(self, timeout_s: float) -> bytes:
        said, self.said = self.said, b""
        return said

    def close(self) -> None:
        pass


def test_a_printer_that_took_nothing_for_a_while_is_asked_again_and_heard():
    wire, papers = FullWire(), []
    talk = Talk(wire, papers.append)
    assert not talk.inquire(0.0)
    wire.full = False
    talk.ask()
    assert wire.taken == FOUR
    wire.said = b"\x12\x12\x12\x12"
    talk.listen(0.0)
    assert not talk.health.paper_known
    talk.ask()
    assert wire.taken == FOUR * 2
    wire.said = b"\x12\x12\x12\x12"
    talk.listen(0.0)
    assert papers == ["silent", "ok"]
