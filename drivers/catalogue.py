"""A driver's name in the settings -> the driver. A vendor adds one by an entry point of the group `mpaka.drivers`, without touching the tree."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from drivers.driver import Driver

# Imported only when asked for: a host loads what its one device needs and nothing else
DRIVERS = {
    "elyctis": "drivers.passport.elyctis:ElyctisReader",
    "honeywell": "drivers.passport.honeywell:HoneywellImager",
    "rte-native": "drivers.passport.rte_native:RteNativeReader",
    "framed": "drivers.passport.framed:FramedReader",
    "wedge": "drivers.passport.wedge:KeyboardWedge",
    "external-passport": "drivers.passport.external:ExternalReader",
    "document-camera": "drivers.passport.document_camera:DocumentCamera",
    "face-camera": "drivers.camera.face:FaceCamera",
    "external-fingerprint": "drivers.fingerprint.external:ExternalScanner",
    "uru4000": "drivers.fingerprint.uru4000:Uru4000Scanner",
    "nb1010": "drivers.fingerprint.nb1010:Nb1010Scanner",
    "libfprint": "drivers.fingerprint.libfprint:LibfprintScanner",
    "zfm": "drivers.fingerprint.zfm:ZfmScanner",
    "escpos": "drivers.receipt.printer:ReceiptPrinter",
    "lane-controller": "drivers.lane_io.controller:LaneIo",
    "simulated-passport-reader": "drivers.simulated.passport_reader:SimulatedPassportReader",
    "simulated-honeywell": "drivers.simulated.imager:SimulatedImager",
    "simulated-rte-native": "drivers.simulated.framing_readers:SimulatedRteReader",
    "simulated-framed": "drivers.simulated.framing_readers:SimulatedFramedReader",
    "simulated-wedge": "drivers.simulated.wedge:SimulatedWedge",
    "simulated-document-camera": "drivers.simulated.cameras:SimulatedDocumentCamera",
    "simulated-face-camera": "drivers.simulated.cameras:SimulatedFaceCamera",
    "simulated-fingerprint-scanner": "drivers.simulated.fingerprint:SimulatedScanner",
    "simulated-uru4000": "drivers.simulated.uru4000:SimulatedUru4000",
    "simulated-receipt-printer": "drivers.simulated.receipt_printer:SimulatedReceiptPrinter",
    "simulated-lane-io": "drivers.simulated.lane_io:SimulatedLaneIo",
}
GROUP = "mpaka.drivers"


class DriverUnknown(LookupError):
    """No driver has this name, or its settings are not what it takes."""


def make(name: str, settings: dict[str, Any]) -> Driver:
    """The driver of that name with these settings. Raises DriverUnknown."""
    maker = _maker(name)
    try:
        return maker(settings)
    except (KeyError, TypeError, ValueError) as why:
        raise DriverUnknown(f"the settings of {name} are not what it takes: {type(why).__name__} {why}") from None


def _maker(name: str) -> Callable[[dict[str, Any]], Driver]:
    if name in DRIVERS:
        module, _, member = DRIVERS[name].partition(":")
        maker: Callable[[dict[str, Any]], Driver] = getattr(import_module(module), member)
        return maker
    vendors = {point.name: point for point in entry_points(group=GROUP)}
    if name in vendors:
        loaded: Callable[[dict[str, Any]], Driver] = vendors[name].load()
        return loaded
    raise DriverUnknown(f"there is no driver {name!r}; there are: {', '.join(sorted([*DRIVERS, *vendors]))}")
