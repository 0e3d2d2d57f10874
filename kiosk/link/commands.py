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
    moment = _moment(after)
    return "args.after is not a moment in UTC" if moment is None else (first, moment)


def object_wish(arguments: Mapping[str, object], name: str) -> dict[str, object] | str:
    """The JSON object in this argument; a text says what is wrong with it."""
    found = arguments.get(name)
    return found if isinstance(found, dict) else f"args.{name} is not an object"


def lists_wish(arguments: Mapping[str, object]) -> dict[str, object] | str:
    """The signed list; of lists there is one kind so far. A text says what is wrong with the arguments."""
    if arguments.get("kind") != "staff":
        return 'args.kind is not "staff": this version takes no other list'
    return object_wish(arguments, "list")


def languages_wish(arguments: Mapping[str, object]) -> tuple[str, ...] | str:
    """The language tags in their order; none: those of the post's profile. A text says what is wrong with the arguments."""
    found = arguments.get("languages")
    if not isinstance(found, list) or not all(isinstance(tag, str) for tag in found):
        return "args.languages is not a list of language tags"
    if len(set(found)) < len(found):
        return "args.languages names a language twice"
    return tuple(found)


def logs_wish(arguments: Mapping[str, object]) -> str | None:
    """Since when the log is wanted, as utc_text writes it; empty: all that is kept. None: it is no moment."""
    since = arguments.get("since", "")
    return "" if since == "" else _moment(since)


def _moment(text: object) -> str | None:
    try:
        # fromisoformat also takes a day alone, and a time without a zone would be read as local
        return utc_text(parse_utc(text)) if isinstance(text, str) and text.endswith("Z") else None
    except ValueError:
        return None
