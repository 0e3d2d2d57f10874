"""`mpaka lane`."""

import argparse

from kiosk.programs.arguments.common import settings


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    settings(parser, "lane")


def run(chosen: argparse.Namespace) -> int:
    """Run it until it is told to end."""
    from kiosk.programs import lane

    return lane.run(chosen.settings)
