"""Whether a command is carried out: once, in the order of its number, and not after its time (law 11). Decided from values alone."""

from kiosk.clock import Stamp, parse_utc
from kiosk.journal.rows import CommandKept
from kiosk.messages.payloads import Command, Result


def refusal(command: Command, last: int, now: Stamp) -> CommandKept | None:
    """Why a command that was never here before is not carried out; None where it is. `last` is the highest number so far."""
    if command.number <= last:
        return CommandKept(command.number, command.id, Result.REFUSED, f"number {last} was carried out before")
    if now.known and parse_utc(command.expires) < now.utc:
        return CommandKept(command.number, command.id, Result.REFUSED, "its time has passed")
    return None
