"""`mpaka headquarters open`: JSON lines, or a second database. Run as another user than the receiver."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--store", metavar="URL", help="the receiver's database, as --database names it, or its folder")
    parser.add_argument(
        "--key", metavar="KEY", help="the opening key: a file, a folder of keys, pkcs11:..., or shares; never on the receiver"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, help="a file with the key's passphrase or PIN; without it whoever sits there is asked"
    )
    parser.add_argument("--operator", help="who opens, as a pseudonym")
    parser.add_argument("--reason", help="why; kept with each opening")
    parser.add_argument("--openings", type=Path, help="the folder of the journal of openings; default: beside a database that is a file")
    parser.add_argument("--pictures", type=Path, help="with JSON lines: a folder for the pictures; without it they stay sealed")
    parser.add_argument("--into", metavar="URL", help="fill this database, SQLite or PostgreSQL, with what is new; no JSON lines then")
    parser.add_argument("--again", action="store_true", help="with --into: try also what could not be opened before")
    parser.add_argument(
        "--grants", metavar="ROLE", help="only print what gives this role of PostgreSQL the right to read the receiver's tables"
    )
    parser.set_defaults(wrong=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Open, or print the grants."""
    from kiosk.programs import opening

    if chosen.grants:
        return opening.print_grants(chosen.grants)
    for needed in ("store", "key", "operator", "reason"):
        if not getattr(chosen, needed):
            chosen.wrong(f"--{needed} is needed to open anything")
    if chosen.into and chosen.pictures:
        chosen.wrong("--pictures goes with JSON lines; --into keeps pictures in its database")
    if chosen.again and not chosen.into:
        chosen.wrong("--again goes with --into; JSON lines hold every record each time")
    journal = chosen.openings or opening.openings_beside(chosen.into or chosen.store)
    key = opening.Key(chosen.key, chosen.passphrase_file)
    if chosen.into:
        return opening.open_into(chosen.store, chosen.into, journal, key, chosen.operator, chosen.reason, chosen.again)
    return opening.open_store(chosen.store, journal, key, chosen.operator, chosen.reason, chosen.pictures)
