"""`mpaka keys`: alone it makes a founding for practice; with a word it does one step of a state's own (docs/keys.md). PARTS lists the words."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.programs.arguments.common import Part, add_parts, port, run_part

if TYPE_CHECKING:
    from kiosk.programs import founding

STATION_FOLDER = Path("/etc/mpaka/keys")


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments, and those of its parts."""
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="a founding for practice, all keys unprotected in this new folder")
    parser.add_argument("--lanes", nargs="+", metavar="STATION", default=["tz-tunduma-lane1"], help="with --out; default: tz-tunduma-lane1")
    parser.add_argument(
        "--consoles", nargs="+", metavar="STATION", default=["tz-tunduma-console1"], help="with --out; default: tz-tunduma-console1"
    )
    parser.add_argument("--headquarters", metavar="STATION", default="tz-hq-headquarters1", help="with --out; default: %(default)s")
    add_parts(parser, PARTS, HEADINGS, "without one, and with --out: a founding for practice")


def run(chosen: argparse.Namespace) -> int:
    """Make a founding for practice, or do the step that is named."""
    return run_part(chosen, PARTS, _practice)


def _practice(chosen: argparse.Namespace) -> int:
    from kiosk.programs import keys

    if chosen.out is None:
        chosen.wrong("for practice it needs --out; a state's own founding begins with `mpaka keys found`")
    return keys.run(chosen.out, chosen.lanes, chosen.consoles, chosen.headquarters)


def _passphrase(parser: argparse.ArgumentParser, name: str = "--passphrase-file", what: str = "") -> None:
    parser.add_argument(name, type=Path, metavar="FILE", help=f"a file with the passphrase{what}, for its owner alone; default: asked for")


def _authority(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--authority", type=Path, required=True, metavar="FOLDER", help="the authority's folder")
    parser.add_argument("--key", default="", metavar="pkcs11:...", help="the authority's key, where a token holds it")
    _passphrase(parser)


def _opening(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--opening-token", default="", metavar="pkcs11:...", help="make the opening key in this token; default: in a file")
    _passphrase(parser, "--opening-passphrase-file", " of the new opening key")


def _station(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("station", metavar="STATION", help="as in tz-tunduma-lane1")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", default=STATION_FOLDER, help="the station's keys; default: %(default)s")


def _add_found(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, on a machine without a network")
    parser.add_argument("--headquarters", required=True, metavar="STATION", help="as in tz-hq-headquarters1")
    parser.add_argument(
        "--authority-token", default="", metavar="pkcs11:...", help="make the authority's key in this token; default: in a file"
    )
    _passphrase(parser, what=" of the authority")
    _opening(parser)
    parser.add_argument("--no-ca", action="store_true", help="the ministry has an authority of certificates of its own")


def _found(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding

    guarded = founding.Guarded(chosen.authority_token, chosen.opening_token, chosen.passphrase_file, chosen.opening_passphrase_file)
    return founding.found(chosen.folder, chosen.headquarters, guarded, certificates=not chosen.no_ca)


def _add_shares(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recovery", type=Path, metavar="KEY", help="the recovery key's file; it is removed")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", dest="pages", help="where the three pages go")
    parser.add_argument("--owner", required=True, metavar="STATION", help="whose key it is, for the pages: tz-hq-headquarters1")
    _passphrase(parser)


def _shares(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding

    return founding.cut(chosen.recovery, chosen.pages, chosen.owner, chosen.passphrase_file)


def _add_recover(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="two pages; without them the words are asked for")
    parser.add_argument("--to", type=Path, metavar="FILE", help="write the key here, under a passphrase; default: only say whose it is")
    _passphrase(parser)


def _recover(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding

    return founding.recover(chosen.pages, chosen.to, chosen.passphrase_file)


def _add_enrol(parser: argparse.ArgumentParser) -> None:
    _authority(parser)
    parser.add_argument("requests", nargs="+", type=Path, metavar="REQUEST", help="request.json of a station")
    former = parser.add_mutually_exclusive_group()
    former.add_argument("--renew", action="store_true", help="the key before it ends in order: what it signed still counts")
    former.add_argument("--lost", action="store_true", help="the key before it was lost: nothing that it signed counts any more")
    parser.add_argument("--yes", action="store_true", help="what the technicians read out was compared")


def _enrol(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding
    from kiosk.sealing.key_set import KeyState

    former = KeyState.RETIRED if chosen.renew else KeyState.REVOKED if chosen.lost else None
    return founding.enrol(_authority_of(chosen), chosen.requests, former, sure=chosen.yes)


def _add_key_set(parser: argparse.ArgumentParser) -> None:
    _authority(parser)
    parser.add_argument("--retire", nargs="+", default=[], metavar="ID", help="keys that end in order, by their ids")
    parser.add_argument(
        "--revoke", nargs="+", default=[], metavar="ID", help="keys that were lost: nothing that they signed counts any more"
    )
    new = parser.add_mutually_exclusive_group()
    new.add_argument("--new-opening-key", action="store_true", help="headquarters opens with another key from now on")
    new.add_argument("--new-recovery-key", action="store_true", help="cut another recovery key into shares")
    parser.add_argument("--lost", action="store_true", help="the key before the new one is revoked, not retired")
    _opening(parser)


def _key_set(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding
    from kiosk.sealing.key_set import KeyState, Use

    authority = _authority_of(chosen)
    if not (chosen.new_opening_key or chosen.new_recovery_key):
        return founding.change(authority, [_id(key) for key in chosen.retire], [_id(key) for key in chosen.revoke])
    if chosen.retire or chosen.revoke:
        chosen.wrong("one change at a time: a new key, or keys that end")
    guarded = founding.Guarded(opening=chosen.opening_token, opening_passphrase=chosen.opening_passphrase_file)
    use = Use.HEADQUARTERS if chosen.new_opening_key else Use.RECOVERY
    return founding.renew(authority, use, guarded, KeyState.REVOKED if chosen.lost else KeyState.RETIRED)


def _add_sign(parser: argparse.ArgumentParser) -> None:
    _authority(parser)
    parser.add_argument("requests", nargs="+", type=Path, metavar="REQUEST", help="request.csr of a station or a broker")
    parser.add_argument("--days", type=int, metavar="N", default=365, help="how long they hold; default: %(default)s")
    parser.add_argument("--broker", action="store_true", help="they are requests of brokers")


def _sign(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding

    return founding.sign(_authority_of(chosen), chosen.requests, chosen.days, broker=chosen.broker)


def _add_revoke(parser: argparse.ArgumentParser) -> None:
    _authority(parser)
    parser.add_argument("names", nargs="+", metavar="NAME", help="stations, or the first host names of brokers")


def _revoke(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding

    return founding.revoke(_authority_of(chosen), chosen.names)


def _add_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a station, or the first host name of a broker")
    parser.add_argument("--authority", type=Path, required=True, metavar="FOLDER", help="the authority's folder")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="the stick")


def _pack(chosen: argparse.Namespace) -> int:
    from kiosk.founding.authority import AuthorityFolder
    from kiosk.programs import founding

    return founding.pack(AuthorityFolder(chosen.authority), chosen.name, chosen.to)


def _add_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", nargs="?", default=STATION_FOLDER, help="of the authority or a station; default: %(default)s"
    )


def _show(chosen: argparse.Namespace) -> int:
    from kiosk.programs import founding

    return founding.show(chosen.folder)


def _add_station(parser: argparse.ArgumentParser) -> None:
    _station(parser)
    parser.add_argument(
        "--parts",
        nargs="+",
        metavar="PART",
        choices=["signing", "tls", "acknowledgement", "desk", "command"],
        default=["signing", "tls"],
        help="signing, tls, acknowledgement, desk, command; default: signing tls. A receiver has acknowledgement too, a post's first console desk",
    )


def _make_station(chosen: argparse.Namespace) -> int:
    from kiosk.founding.set_up import Part as KeyPart
    from kiosk.programs import station_keys

    return station_keys.prepare(chosen.folder, chosen.station, [KeyPart(part) for part in dict.fromkeys(chosen.parts)])


def _add_broker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("hosts", nargs="+", metavar="HOST", help="its names and addresses, as the stations' settings write them")
    parser.add_argument("--folder", type=Path, required=True, metavar="FOLDER", help="where its key and its request go")


def _make_broker(chosen: argparse.Namespace) -> int:
    from kiosk.programs import station_keys

    return station_keys.prepare_broker(chosen.folder, chosen.hosts)


def _add_desk(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, metavar="FOLDER", default=STATION_FOLDER, help="the console's keys; default: %(default)s")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", type=Path, metavar="FILE", help="write the desk key here, under a passphrase")
    way.add_argument("--take", type=Path, metavar="FILE", help="take it from here")
    _passphrase(parser)


def _desk(chosen: argparse.Namespace) -> int:
    from kiosk.programs import station_keys

    return station_keys.carry_desk(chosen.folder, chosen.to, chosen.take, chosen.passphrase_file)


def _add_install(parser: argparse.ArgumentParser) -> None:
    _station(parser)
    parser.add_argument(
        "brought", type=Path, metavar="STICK", help="a folder with authority.pub, key-set.json, tls.pem, ca.pem: those that came back"
    )
    parser.add_argument("--authority", default="", metavar="ID", help="the authority's id in the founding's protocol, at the first set-up")


def _install(chosen: argparse.Namespace) -> int:
    from kiosk.programs import station_keys

    return station_keys.install(chosen.folder, chosen.station, chosen.brought, _id(chosen.authority))


def _add_rights(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("posts", nargs="+", type=Path, metavar="POST", help="the profiles of the posts that come to this broker")
    parser.add_argument("--receivers", nargs="*", default=[], metavar="STATION", help="headquarters' receivers that come to it")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="write mpaka.rights and mpaka.conf here")
    parser.add_argument(
        "--place", type=Path, metavar="FOLDER", default=Path("/etc/mosquitto/mpaka"), help="where they will lie; default: %(default)s"
    )
    parser.add_argument("--port", type=port, metavar="N", default=8883, help="default: %(default)s")
    parser.add_argument("--address", default="", help="listen on this address alone")
    parser.add_argument("--crl", action="store_true", help="the authority has revoked certificates: its crl.pem lies there too")


def _rights(chosen: argparse.Namespace) -> int:
    from kiosk.programs import rights

    return rights.run(chosen.posts, chosen.receivers, chosen.to, rights.Listener(chosen.port, chosen.place, chosen.address, crl=chosen.crl))


def _authority_of(chosen: argparse.Namespace) -> "founding.Authority":
    from kiosk.programs import founding

    return founding.Authority(chosen.authority, chosen.key, chosen.passphrase_file)


def _id(text: str) -> str:
    """A key's id as it is read out has gaps."""
    return text.replace(" ", "").lower()


PARTS = (
    Part("found", "a state's founding: authority, certificates, opening key, recovery key in shares", _add_found, _found),
    Part("recover", "join two of its three shares", _add_recover, _recover),
    Part("shares", "cut a recovery key that lies in a file into its shares", _add_shares, _shares),
    Part("station", "make a station's keys at the station, and the requests for them", _add_station, _make_station),
    Part("install", "check what came back to a station, and put it in place", _add_install, _install),
    Part("desk", "carry a post's desk key from its first console to another", _add_desk, _desk),
    Part("broker", "make a broker's key and the request for its certificate", _add_broker, _make_broker),
    Part("rights", "write a broker's rights and listener from the posts' profiles", _add_rights, _rights),
    Part("enrol", "take stations' requests into the next key set", _add_enrol, _enrol),
    Part("sign", "sign requests for certificates", _add_sign, _sign),
    Part("pack", "lay out on a stick what a station or a broker takes back", _add_pack, _pack),
    Part("key-set", "end keys, or renew headquarters' own, in the next key set", _add_key_set, _key_set),
    Part("revoke", "shut out the certificates that were given out under a name", _add_revoke, _revoke),
    Part("show", "say who has which key, and until when", _add_show, _show),
)
HEADINGS = {
    "found": "the founding of a state, offline",
    "station": "at a station or a console",
    "broker": "at a broker",
    "enrol": "at the authority",
    "show": "anywhere",
}
