"""Whether a command is carried out: once, in the order of its number, and not after its time (law 11). Decided from values alone."""

from collections.abc import Mapping

from kiosk.clock import Stamp, parse_utc, utc_text
from kiosk.messages.payloads import Command


def arguments_of(command: Command) -> Mapping[str, object]:
    """Its arguments; none where it has none."""
    return command.args if isinstance(command.args, dict) else {}


def refusal(command: Command, last: int, now: Stamp) -> str | None:
    """Why a command that was never here before is not carried out; None where it is. `last` is the highest number so far."""
    if command.number <= last:
        return f"number {last} was carried out before"
    if now.known and parse_utc(command.expires) < now.utc:
        return "its time has passed"
    return None


def replay_wish(arguments: Mapping[str, object]) -> tuple[int, str] | str:
    """The first sequence that headquarters wants again, and the moment (as utc_text writes it, or empty) up to which what it signed is void.

    A text says what is wrong with the arguments."""
    first, after = arguments.get("from"), arguments.get("after", "")
    if not isinstance(first, int) or isinstance(first, bool):
        return "args.from is not a whole number"
    if after == "":
        return first, ""
    try:
        # fromisoformat also takes a day alone, and a time without a zone would be read as local
        moment = parse_utc(after) if isinstance(after, str) and after.endswith("Z") else None
    except ValueError:
        moment = None
    return "args.after is not a moment in UTC" if moment is None else (first, utc_text(moment))
