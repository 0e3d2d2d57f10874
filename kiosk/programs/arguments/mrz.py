"""`mpaka mrz`."""

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a picture, a folder of pictures, or - for a list of files on standard input"
    )


def run(chosen: argparse.Namespace) -> int:
    """Read them."""
    from drivers.passport.zone import files

    return files.main(chosen.files)
