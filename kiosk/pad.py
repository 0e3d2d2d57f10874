"""Signing on by touch: who is there, then the PIN. PURE. The digits are private and are gone with the try."""

from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.private import Private

LONGEST_PIN = 12


@dataclass(frozen=True)
class Pad:
    """People that may sign on here, the one that was chosen, and the digits so far. `wait_s` is how long the next try must wait."""

    people: tuple[str, ...]
    chosen: str = ""
    digits: Private[str] = Private("")
    wrong: bool = False
    wait_s: int = 0


@dataclass(frozen=True)
class PersonChosen:
    """This pseudonym."""

    pseudonym: str


@dataclass(frozen=True)
class Digit:
    """One digit of the PIN."""

    digit: Private[str]


@dataclass(frozen=True)
class Erase:
    """The last digit was wrong."""


@dataclass(frozen=True)
class PadBack:
    """Back to the list of people, and from there away."""


@dataclass(frozen=True)
class Submit:
    """The PIN is complete."""


Event = PersonChosen | Digit | Erase | PadBack | Submit


@dataclass(frozen=True)
class Try:
    """Somebody tries a PIN."""

    pseudonym: str
    pin: Private[str]


@dataclass(frozen=True)
class Left:
    """Nobody wants to sign on after all."""


def step(pad: Pad, event: Event) -> tuple[Pad, Try | Left | None]:
    """The pad after the event, and what came of it. Total."""
    match event:
        case PersonChosen(pseudonym=pseudonym):
            return (replace(pad, chosen=pseudonym, digits=Private(""), wrong=False) if pseudonym in pad.people else pad), None
        case Digit(digit=digit):
            room = pad.chosen and len(pad.digits.value) < LONGEST_PIN
            return (replace(pad, digits=Private(pad.digits.value + digit.value), wrong=False) if room else pad), None
        case Erase():
            return replace(pad, digits=Private(pad.digits.value[:-1])), None
        case PadBack():
            return (Pad(pad.people), None) if pad.chosen else (pad, Left())
        case Submit():
            if not pad.chosen or not pad.digits.value:
                return pad, None
            return replace(pad, digits=Private("")), Try(pad.chosen, pad.digits)
        case _:
            assert_never(event)


def refused(pad: Pad, wait_s: float) -> Pad:
    """That was wrong, or it is too early; which of the two the screen says by the seconds."""
    return replace(pad, wrong=True, wait_s=round(wait_s), digits=Private(""))
