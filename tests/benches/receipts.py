"""Figures of the receipt: bytes, time to build, time of a status query over a pty; on request python-escpos does the same beside it.

python -m tests.benches.receipts [--beside PYTHON] [--queries 1000]      PYTHON: one that has python-escpos
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from drivers.contract import PrintSlip
from drivers.driver import Outlet, Until
from drivers.receipt import escpos
from drivers.receipt.blocks import to_bitmap
from drivers.receipt.job import job_bytes
from drivers.receipt.keeping import Album
from drivers.receipt.lettering import words
from drivers.receipt.profiles import PROFILES
from drivers.ring import FrameRing
from drivers.simulated.receipt_firmware import PrinterFirmware
from drivers.simulated.receipt_printer import PrinterDevice, PtySocket, SimulatedReceiptPrinter
from drivers.simulated.receipt_roll import Roll
from drivers.simulated.scene import Scene
from tests.benches.figures import machine, percentile
from tests.drivers.receipt.slips import KASUMBALESA, TUNDUMA

ROUNDS = 15
BAUDS = (9600, 38400, 115200)
LINES = ("TUNDUMA IMMIGRATION", "23 Nov 2026 10:36", "Your number 17", "Conclusão do registo", "መግቢያ ቁጥር 4", "This service is free.")
KEPT = replace(PROFILES["epson-tm-t20iii"], slow=True)


def cpu_ms(work) -> float:
    """Median processor time of the work in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def row(what: str, work) -> None:
    figures(what, len(work()), cpu_ms(work))


def figures(what: str, size: int, ms: float) -> None:
    print(f"{what:44} {size:6} bytes {ms:7.1f} ms   " + ", ".join(f"{size * 10 / baud:6.2f} s at {baud}" for baud in BAUDS))


def slips() -> None:
    """Whole slips as they are printed."""
    for slip in (TUNDUMA, KASUMBALESA):
        for name in ("80mm", "58mm", "80mm-slow-line", "58mm-slow-line"):
            album = Album(PROFILES[name])
            row(f"slip in {slip.language}, {name}", partial(job_bytes, slip, album, 1))
        album = Album(KEPT)
        held = {kept.key for kept in album.pictures.values()}
        row(f"slip in {slip.language}, 80mm, slow, pictures kept", partial(job_bytes, slip, album, 1, held=held))


def logo(width: int = 384, height: int = 120) -> Image.Image:
    image = Image.new("1", (width, height), 1)
    pen = ImageDraw.Draw(image)
    for radius in range(8, 56, 12):
        pen.ellipse((width // 2 - radius, 60 - radius, width // 2 + radius, 60 + radius), outline=0, width=4)
    return image


def like_for_like(kept: bool) -> bytes:
    """A logo, six lines of which two are not ASCII, a QR code, cut: what the comparison prints."""
    lines = [
        escpos.letters([line], 1, 1, False, False) if line.isascii() else escpos.picture(to_bitmap(words(line, 27, 360))) for line in LINES
    ]
    picture = escpos.kept("07", 1) if kept else escpos.picture(to_bitmap(logo()))
    return escpos.START + picture + b"".join(lines) + escpos.qr(TUNDUMA.qr, 6) + escpos.CUT


def queries_and_printing(folder: Path, questions: int) -> None:
    printer = SimulatedReceiptPrinter({"scene": str(folder), "output": str(folder / "slips"), "paper": "80mm-process-id"})
    printer.open(Outlet(lambda _: None, FrameRing.create(folder / "ring", 16)))
    talk = printer._open_talk()
    queries, printed = [], []
    worked = time.process_time()
    for _ in range(questions):
        began = time.monotonic()
        talk.inquire(1.0)
        queries.append((time.monotonic() - began) * 1000)
    worked = (time.process_time() - worked) * 1000 / questions
    for number in range(ROUNDS):
        began = time.monotonic()
        printer.carry_out(PrintSlip(replace(TUNDUMA, number=f"A{number}")), Until(20))
        printed.append((time.monotonic() - began) * 1000)
    printer.close()
    print(
        f"status query (four questions at once), {questions} times: median {statistics.median(queries):.2f} ms, "
        f"p99 {percentile(queries, 99):.2f} ms, worst {max(queries):.1f} ms; "
        f"{worked:.2f} ms of CPU each, the emulator's among them"
    )
    print(f"slip ordered to proof that it is printed {statistics.median(printed):.0f} ms (an emulator prints at once)")


def beside(python: str, folder: Path) -> None:
    """python-escpos, on the same emulator."""
    logo().save(folder / "logo.png")
    device = PrinterDevice(PrinterFirmware(Roll()), Scene(folder), PtySocket())
    script = Path(__file__).with_name("receipts_beside.py")
    done = subprocess.run(
        [python, str(script), device.path, str(folder / "logo.png"), TUNDUMA.qr, *LINES],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    device.close()
    if done.returncode:
        print(f"python-escpos was not measured: {done.stderr.strip().splitlines()[-1]}")
        return
    # the library prints words of its own
    for line in (json.loads(said) for said in done.stdout.splitlines() if said.startswith("{")):
        if line["what"] == "query":
            print(f"python-escpos status query (one question) {line['ms']:.1f} ms; on line {line['online']}, paper {line['paper']}")
        else:
            figures(line["what"], line["bytes"], line["ms"])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--beside", help="a Python that has python-escpos", default="")
    asked.add_argument("--queries", type=int, default=1000, help="how often the printer's status is asked for")
    chosen = asked.parse_args()
    print(machine())
    slips()
    print("like for like: a logo of 384 x 120, six lines (two not ASCII), a QR code")
    for kept in (False, True):
        row(f"ours, {'logo kept' if kept else 'logo sent'}", partial(like_for_like, kept))
    with tempfile.TemporaryDirectory() as place:
        if chosen.beside:
            beside(chosen.beside, Path(place))
        queries_and_printing(Path(place), chosen.queries)


if __name__ == "__main__":
    main()
