"""What a version's folder holds, in one hash that the authority signed: who moves to a version first sees that its folder is that one, whole.

Every file counts, compiled ones too: a version is built once and brought to each station as it is.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.clock import utc_text
from kiosk.messages.canonical import BadMessage, canonical
from kiosk.messages.payloads import Hash, Signature, Utc, shaped
from kiosk.sealing.signing import Signer, sign_members, signed_by

KIND = "version-manifest"
# A name that can stand in a path
VersionName = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}$")]
ROOT = 0
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class ManifestWrong(ValueError):
    """A manifest or the folder that it is about cannot be used; the text says why and what to do."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`files`: SHA-256 of the folder's file list. `made`: when it was signed."""

    version: VersionName
    files: Hash
    made: Utc
    sig: Signature


def make_manifest(folder: Path, version: str, authority: Signer, now: datetime) -> bytes:
    """The signed manifest of the version in this folder, as it is now. Raises ManifestWrong."""
    members: dict[str, Any] = {"version": version, "files": digest_of(folder), "made": utc_text(now)}
    content = {**members, "sig": sign_members(KIND, members, authority)}
    read_manifest(content, authority.public_key())
    return canonical(content)


def read_manifest(found: Mapping[str, Any], authority: Ed25519PublicKey) -> Manifest:
    """Verify and read a manifest. Raises ManifestWrong."""
    try:
        manifest = shaped(dict(found), Manifest)
    except BadMessage as why:
        raise ManifestWrong(f"the manifest cannot be read: {why}") from None
    if not signed_by(KIND, found, (authority,)):
        raise ManifestWrong("the manifest is not signed by this state's authority")
    return manifest


def digest_of(folder: Path) -> str:
    """SHA-256, hexadecimal, of the list of all that lies in this folder. Raises ManifestWrong."""
    listed = hashlib.sha256()
    try:
        for line in _lines(folder):
            listed.update(line)
    except OSError as why:
        raise ManifestWrong(f"{folder}: cannot be read ({why.strerror})") from None
    return listed.hexdigest()


def writable_by_others(folder: Path, owner: int = ROOT) -> Path | None:
    """The first thing in this folder, or it itself, that somebody else than `owner` could change; None where there is none. Raises OSError."""
    return next((path for path in (folder, *_paths(folder)) if is_loose(path, owner)), None)


def is_loose(path: Path, owner: int = ROOT) -> bool:
    """Whether somebody else than `owner` could change this file, folder or link. Raises OSError."""
    looks = path.lstat()
    return looks.st_uid != owner or (not stat.S_ISLNK(looks.st_mode) and bool(looks.st_mode & OTHERS_WRITE))


def _paths(folder: Path) -> Iterator[Path]:
    """All below it, in one order; links are not followed."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    for entry in found:
        yield Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _paths(Path(entry.path))


def _lines(folder: Path) -> Iterator[bytes]:
    """One a thing: what it is, its content's hash or where it points, its name. A zero byte ends each part, so that no name can look like two."""
    for path in _paths(folder):
        looks, name = path.lstat(), os.fsencode(path.relative_to(folder))
        if stat.S_ISLNK(looks.st_mode):
            yield b"link\0" + os.fsencode(path.readlink()) + b"\0" + name + b"\0"
        elif stat.S_ISDIR(looks.st_mode):
            yield b"folder\0\0" + name + b"\0"
        elif stat.S_ISREG(looks.st_mode):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            kind = b"program" if looks.st_mode & stat.S_IXUSR else b"file"
            yield kind + b"\0" + digest + b"\0" + name + b"\0"
        else:
            raise ManifestWrong(f"{path}: is neither a file, a folder nor a link; a version holds nothing else")
