"""Folders and files that are still there after a power cut."""

import os
from pathlib import Path


def lasting_folder(folder: Path) -> None:
    """Make the folder (mode 0700) and those above it where they are missing, and sync their names. Raises OSError.

    A database syncs its own folder, but nobody syncs the name of that folder in the one above: without it a power cut soon after the first
    start may take the folder with all that was committed in it."""
    missing = [made for made in (folder, *folder.parents) if not made.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for made in missing:
        above = os.open(made.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(above)
        finally:
            os.close(above)


def lasting_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put this content in place of the file's: who reads it, also after a power cut, finds the old or the new, whole. Raises OSError."""
    lasting_folder(path.parent)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
