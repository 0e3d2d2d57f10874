"""`mpaka console`."""

import argparse

from kiosk.programs.arguments.common import settings


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    settings(parser, "console")


def run(chosen: argparse.Namespace) -> int:
    """Run it until it is told to end."""
    from kiosk.programs import console

    return console.run(chosen.settings)
