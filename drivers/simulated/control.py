"""Play what happens before the simulated devices from a terminal: `python -m drivers.simulated.control --scene DIR WORDS...`

lay passport_reader KEY     a specimen's zone (keys: drivers/formats/specimens.py)      present / absent   somebody at the lane
lay document_camera FILE    a picture of a document, or of a person for face_camera     paper CONDITION    ok, near_end, out, cover_open ...
take DEVICE                 nothing lies there any more                                 fault DEVICE SCRIPT see faults.py; without a script: well again
finger SEED / lift          a finger on the glass, and off it                           see                what every device sees and shows
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from drivers.contract import Kind
from drivers.formats.specimens import specimen
from drivers.simulated.faults import ScriptWrong, read_script
from drivers.simulated.scene import Scene


class WordsWrong(ValueError):
    """Not something that can happen; the text says what was expected."""


def happen(scene: Scene, words: Sequence[str], today: date) -> str:
    """Let it happen; returns what there is to say. Raises WordsWrong."""
    word, *rest = words or [""]
    deeds: dict[str, tuple[int, Callable[..., None]]] = {
        "lay": (2, lambda device, what: _lay(scene, device, what, today)),
        "take": (1, lambda device: scene.put(_device(device), lines=(), image="")),
        "finger": (1, lambda seed: scene.put(Kind.FINGERPRINT_SCANNER, finger=_number(seed))),
        "lift": (0, lambda: scene.put(Kind.FINGERPRINT_SCANNER, finger=None)),
        "present": (0, lambda: scene.put(Kind.LANE_IO, present=True)),
        "absent": (0, lambda: scene.put(Kind.LANE_IO, present=False)),
        "paper": (1, lambda condition: scene.put(Kind.RECEIPT_PRINTER, paper=condition)),
    }
    if word == "see":
        return "\n".join(f"{kind}: {scene.read(kind)} {scene.shown(kind) or ''}".rstrip() for kind in Kind)
    if word == "fault" and rest:
        _fault(scene, rest[0], " ".join(rest[1:]))
        return ""
    count, deed = deeds.get(word, (-1, lambda: None))
    if len(rest) != count:
        raise WordsWrong(f"{word or 'nothing'}: expected one of {', '.join([*deeds, 'fault', 'see'])}, with what belongs to it")
    deed(*rest)
    return ""


def _lay(scene: Scene, device: str, what: str, today: date) -> None:
    if _device(device) is Kind.PASSPORT_READER:
        try:
            scene.put(device, lines=specimen(what, today).lines)
        except KeyError:
            raise WordsWrong(f"{what}: no specimen has this key") from None
    elif not Path(what).is_file():
        raise WordsWrong(f"{what}: no such file")
    else:
        scene.put(device, image=str(Path(what).resolve()))


def _fault(scene: Scene, device: str, script: str) -> None:
    try:
        read_script(script)
    except ScriptWrong as why:
        raise WordsWrong(str(why)) from None
    scene.put(_device(device), fault=script)


def _device(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise WordsWrong(f"{name}: expected one of {', '.join(Kind)}") from None


def _number(text: str) -> int:
    if not text.isdigit():
        raise WordsWrong(f"{text}: expected a number")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; exit status 2 where it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scene", type=Path, required=True, help="the folder of the scene")
    parser.add_argument("words", nargs="+")
    chosen = parser.parse_args(arguments)
    try:
        said = happen(Scene(chosen.scene), chosen.words, date.today())
    except WordsWrong as why:
        sys.stderr.write(f"{why}\n")
        return 2
    sys.stdout.write(said + "\n" if said else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
