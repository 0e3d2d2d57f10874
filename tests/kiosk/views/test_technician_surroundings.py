"""What the technician's menu says of what is around the devices."""

from kiosk.views.technician import Surroundings, surroundings
from kiosk.words.shelf import load_words


def test_the_technician_is_told_that_something_was_refused_and_only_then() -> None:
    say = load_words().speaker("en")
    said = {line.says for line in surroundings(Surroundings(0, reached=True, clock="ntp", room="ok", refused=3), say)}
    assert "Not believed and refused: 3; tell headquarters" in said
    assert len(surroundings(Surroundings(0, reached=True, clock="ntp", room="ok"), say)) == len(said) - 1
