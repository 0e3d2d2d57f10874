"""`mpaka broker`."""

import argparse

from kiosk.programs.arguments.common import founded, founding, port


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--port", type=port, metavar="N", default=1883, help="default: %(default)s")
    founded(parser)


def run(chosen: argparse.Namespace) -> int:
    """Run it until it is told to end."""
    from kiosk.programs import broker

    return broker.run(chosen.port, founding(chosen) if chosen.tls else None)
