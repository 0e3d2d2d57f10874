"""`mpaka headquarters retention`, `erase`, `hold`, `release`, `proof`: each on the receiver's store, on the opened database, or on both."""

import argparse
from pathlib import Path


def add_retention(parser: argparse.ArgumentParser) -> None:
    """Arguments of `retention`."""
    _databases(parser)
    parser.add_argument("--rules", type=Path, default=Path("/etc/mpaka/retention.toml"), help="how long what is kept; default: %(default)s")
    parser.add_argument("--operator", required=True, help="who erases, as a pseudonym")
    parser.add_argument("--apply", action="store_true", help="erase; without it only what would be erased is counted")


def retention(chosen: argparse.Namespace) -> int:
    """Erase what is over its time, or count it."""
    from kiosk.programs import retention as program

    return program.retain(_places(chosen), chosen.rules, chosen.operator, chosen.apply)


def add_erase(parser: argparse.ArgumentParser) -> None:
    """Arguments of `erase`."""
    _databases(parser)
    parser.add_argument("--person-of", metavar="RECORD_ID", required=True, help="the record of the crossing")
    parser.add_argument(
        "--member", type=int, help="in the opened database only this traveller of a party; the sealed record goes as a whole"
    )
    _order(parser)


def erase(chosen: argparse.Namespace) -> int:
    """Erase one person's crossing, as the law orders it."""
    from kiosk.programs import retention as program

    return program.erase_person(_places(chosen), chosen.person_of, chosen.member, chosen.operator, chosen.reason)


def add_hold(parser: argparse.ArgumentParser) -> None:
    """Arguments of `hold` and `release`."""
    _databases(parser)
    parser.add_argument("record_id", metavar="RECORD_ID")
    _order(parser)


def hold(chosen: argparse.Namespace) -> int:
    """Keep a record from being erased."""
    from kiosk.programs import retention as program

    return program.hold(_places(chosen), chosen.record_id, chosen.operator, chosen.reason)


def release(chosen: argparse.Namespace) -> int:
    """Let it be erased again."""
    from kiosk.programs import retention as program

    return program.release(_places(chosen), chosen.record_id, chosen.operator, chosen.reason)


def add_proof(parser: argparse.ArgumentParser) -> None:
    """Arguments of `proof`."""
    _databases(parser)
    parser.add_argument(
        "record_id", metavar="RECORD_ID", nargs="?", help="without one: the journals and, of the store, every chain are verified"
    )


def proof(chosen: argparse.Namespace) -> int:
    """Print what the journal of erasures says, and whether it is whole."""
    from kiosk.programs import retention as program

    return program.prove(_places(chosen), chosen.record_id)


def _databases(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="URL", help="the receiver's store; as the receiver's user")
    parser.add_argument("--opened", metavar="URL", help="the database of opened records; as the opener's user")
    parser.set_defaults(wrong=parser.error)


def _order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--operator", required=True, help="who orders it, as a pseudonym")
    parser.add_argument("--reason", required=True, help="why: the order's own number; nothing of the person")


def _places(chosen: argparse.Namespace) -> tuple[str | None, str | None]:
    if not chosen.store and not chosen.opened:
        chosen.wrong("name --store, --opened, or both")
    return chosen.store, chosen.opened
