"""Run by a Python that has python-escpos, by tests/benches/receipts.py --beside PYTHON: the same work by that library, as lines of JSON.

python receipts_beside.py PTY LOGO QR_TEXT LINE...
"""

import json
import statistics
import sys
import time

from escpos.printer import Dummy, Serial

ROUNDS = 15


def built(logo: str, qr: str, lines: list[str], native: bool) -> bytes:
    printer = Dummy()
    printer.image(logo, impl="bitImageRaster")
    for line in lines:
        printer.text(line + "\n")
    printer.qr(qr, size=6, native=native)
    printer.cut()
    return bytes(printer.output)


def main() -> None:
    port, logo, qr, *lines = sys.argv[1:]
    for native in (False, True):
        times = []
        for _ in range(ROUNDS):
            began = time.process_time()
            made = built(logo, qr, lines, native)
            times.append((time.process_time() - began) * 1000)
        print(
            json.dumps(
                {"what": f"python-escpos, {'native QR' if native else 'QR as image'}", "bytes": len(made), "ms": statistics.median(times)}
            )
        )
    printer = Serial(devfile=port, baudrate=115200, timeout=1)
    queries = []
    for _ in range(5):
        began = time.monotonic()
        online, paper = printer.is_online(), printer.paper_status()
        queries.append((time.monotonic() - began) * 1000 / 2)
    printer.close()
    print(json.dumps({"what": "query", "ms": statistics.median(queries), "online": online, "paper": paper}))


if __name__ == "__main__":
    main()
