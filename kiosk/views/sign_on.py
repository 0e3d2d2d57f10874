"""What the sign-on screen says, for officers and technicians. PURE."""

from collections.abc import Callable

from kiosk.pad import Digit, Erase, Pad, PadBack, PersonChosen, Submit
from kiosk.private import Private
from kiosk.views.desk_parts import Action, Sign, SignOnView, Weight

KEYS = "123456789"


def sign_on_view(pad: Pad, say: Callable[..., str], *, technician: bool) -> SignOnView:
    """The list of people, or the PIN of the one that was chosen."""
    back = Action("back", say("officer_back"), PadBack(), "Esc")
    if not pad.chosen:
        people = tuple(
            Action(f"person_{name}", name, PersonChosen(name), str(at) if at < 10 else "") for at, name in enumerate(pad.people, 1)
        )
        return SignOnView(say("sign_on_who"), "", people, 0, technician=technician, back=back if technician else None)
    says = (say("sign_on_wait", seconds=pad.wait_s) if pad.wait_s else say("sign_on_wrong")) if pad.wrong else say("sign_on_pin")
    return SignOnView(pad.chosen, says, _keys(say), len(pad.digits.value), Sign.BAD if pad.wrong else Sign.QUIET, technician, back)


def _keys(say: Callable[..., str]) -> tuple[Action, ...]:
    digits = [Action(f"digit_{digit}", digit, Digit(Private(digit)), digit) for digit in KEYS]
    erase = Action("erase", say("sign_on_erase"), Erase(), "Backspace")
    zero = Action("digit_0", "0", Digit(Private("0")), "0")
    enter = Action("enter", say("sign_on_enter"), Submit(), "Enter", Weight.MAIN)
    return (*digits, erase, zero, enter)
