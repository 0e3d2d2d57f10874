"""What a program does to a folder on the disk, as strace saw it, and what a power cut may leave of it.

The model is what POSIX promises and no more: what was not synced is dropped, kept or torn at the bounds of 512-byte sectors, each write by
itself and in any order; a name that was made or removed is on the disk when its folder was synced. A sector is old or new, never rubbish.
"""

import itertools
import os
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
# all calls that change a file or a folder; `?`: this processor may lack it
CALLS = (
    "open openat openat2 creat mkdir mkdirat write pwrite64 writev pwritev pwritev2 ftruncate truncate fallocate fsync fdatasync sync syncfs"
    " sync_file_range msync unlink unlinkat rmdir rename renameat renameat2 link linkat symlink symlinkat mmap copy_file_range sendfile"
)
LONGEST_WRITE = 1 << 20
_LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(.*)", re.ASCII | re.DOTALL)
_OPENED = re.compile(r"= \d+<((?:\\x[0-9a-f]{2})*)(?:\(deleted\))?>", re.ASCII)
_DESCRIPTOR = re.compile(r"\(\d+<((?:\\x[0-9a-f]{2})*)>", re.ASCII)
_ANY_DESCRIPTOR = re.compile(r", \d+<((?:\\x[0-9a-f]{2})*)>", re.ASCII)
# strace puts blanks before the result of a call that another thread interrupted
_FAILED = re.compile(r"\) += -1 E", re.ASCII)
_TEXTS = re.compile(r'"((?:\\x[0-9a-f]{2})*)"', re.ASCII)


class NotUnderstood(RuntimeError):
    """The program did something to the folder that is not in the model."""


@dataclass(frozen=True)
class Made:
    """A name came into a folder: a new file, or a new folder."""

    path: Path
    folder: bool


@dataclass(frozen=True)
class Removed:
    """A name went."""

    path: Path


@dataclass(frozen=True)
class Written:
    """Bytes were put into a file."""

    path: Path
    offset: int
    content: bytes


@dataclass(frozen=True)
class Cut:
    """A file was made this long."""

    path: Path
    size: int


@dataclass(frozen=True)
class Synced:
    """A file's bytes, or a folder's names, are on the disk from here on."""

    path: Path


@dataclass(frozen=True)
class Said:
    """The program wrote a line into its ledger: what it had told by then."""

    line: str


Step = Made | Removed | Written | Cut | Synced | Said


def traced(command: Sequence[str], log: Path, **more: object) -> "subprocess.CompletedProcess[bytes]":
    """Run a command under strace, its calls written to `log`."""
    names = ",".join(f"?{name}" for name in CALLS.split())
    strace = ["strace", "-f", "-y", "-xx", "-s", str(LONGEST_WRITE), "--seccomp-bpf", "-e", f"trace={names}", "-e", "signal=none"]
    return subprocess.run([*strace, "-o", str(log), *command], check=True, **more)  # type: ignore[call-overload, no-any-return]


def can_trace() -> bool:
    """Whether strace is here and may look at a program."""
    try:
        return subprocess.run(["strace", "-f", "--seccomp-bpf", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def steps(log: Path, root: Path, ledger: Path, known: set[Path]) -> Iterator[Step]:
    """What was done below `root`, in order. `known`: what was there before. Raises NotUnderstood."""
    reader, begun = _Reader(root, ledger, set(known)), dict[str, str]()
    with log.open(encoding="ascii") as lines:
        for line in lines:
            parts = _LINE.fullmatch(line.rstrip("\n"))
            if parts is None:
                # how a program ended, or a signal
                continue
            pid, name, rest = parts.groups()
            if rest.endswith("<unfinished ...>"):
                begun[pid] = rest.removesuffix("<unfinished ...>")
                continue
            if rest.startswith(" resumed>"):
                rest = begun.pop(pid) + rest.removeprefix(" resumed>")
            if _FAILED.search(rest[-200:]) is None:
                yield from reader.step(name, rest)


class _Reader:
    def __init__(self, root: Path, ledger: Path, there: set[Path]) -> None:
        self._root, self._ledger, self._there = root, ledger, there

    def step(self, name: str, rest: str) -> Iterator[Step]:
        """One call, as a step where it touches the folder."""
        if name in ("open", "openat", "openat2", "creat"):
            yield from self._opened(rest)
            return
        first = _DESCRIPTOR.match(rest)
        paths = [_path(first.group(1))] if first else []
        if name == "write" and paths == [self._ledger]:
            yield Said(_content(rest).decode("utf-8"))
            return
        texts: list[Path] = []
        if name not in ("write", "pwrite64"):
            paths += [_path(found) for found in _ANY_DESCRIPTOR.findall(rest)]
            texts = [(paths[0] if first else Path()) / _path(text) for text in _TEXTS.findall(rest)]
            paths = paths[1:] if first and texts else paths
        here = [path for path in [*paths, *texts] if path.is_relative_to(self._root)]
        only_read = name == "mmap" and not ("PROT_WRITE" in rest and "MAP_SHARED" in rest)
        if here and not only_read:
            yield self._changed(name, here[0], rest)

    def _opened(self, rest: str) -> Iterator[Step]:
        found = _OPENED.search(rest)
        path = _path(found.group(1)) if found else Path()
        if path.is_relative_to(self._root) and path not in self._there:
            self._there.add(path)
            yield Made(path, folder=False)
        elif path.is_relative_to(self._root) and "O_TRUNC" in rest:
            yield Cut(path, 0)

    def _changed(self, name: str, path: Path, rest: str) -> Step:
        match name:
            case "mkdir" | "mkdirat":
                self._there.add(path)
                return Made(path, folder=True)
            case "unlink" | "unlinkat":
                self._there.discard(path)
                return Removed(path)
            case "pwrite64":
                content, offset = _content(rest), int(rest.rpartition(")")[0].rpartition(", ")[2])
                return Written(path, offset, content[: int(rest.rpartition("= ")[2])])
            case "ftruncate":
                return Cut(path, int(rest.rpartition(")")[0].rpartition(", ")[2]))
            case "fsync" | "fdatasync":
                return Synced(path)
            case _:
                raise NotUnderstood(f"{name} on {path.name}")


def _path(text: str) -> Path:
    return Path(os.fsdecode(bytes.fromhex(text.replace("\\x", ""))))


def _content(rest: str) -> bytes:
    _, _, quoted = rest.partition('"')
    text, _, after = quoted.partition('"')
    if after.startswith("..."):
        raise NotUnderstood("a write whose bytes were not recorded whole")
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class _File:
    """What of a file is on the disk for certain, and what was done to it since."""

    certain: bytearray
    since: list[Written | Cut] = field(default_factory=list)


@dataclass
class _Folder:
    """The names that are on the disk for certain, and what was done to them since."""

    certain: "dict[str, _File | _Folder]" = field(default_factory=dict)
    since: "list[tuple[str, _File | _Folder | None]]" = field(default_factory=list)

    def named(self, name: str) -> "_File | _Folder":
        """What a running program finds under this name."""
        found = ({**self.certain} | dict(self.since)).get(name)
        if found is None:
            raise NotUnderstood(f"{name} is not there")
        return found


class Disk:
    """A folder as it is on the disk. `root` itself is there for certain."""

    def __init__(self, root: Path, files: dict[Path, bytes]) -> None:
        """`files`: what is on the disk at the beginning, by path below `root`."""
        self._root, self._top = root, _Folder()
        for path, content in files.items():
            folder = self._top
            for part in path.parts[:-1]:
                deeper = folder.certain.setdefault(part, _Folder())
                assert isinstance(deeper, _Folder)
                folder = deeper
            folder.certain[path.name] = _File(bytearray(content))

    def do(self, step: Step) -> None:
        """The next step of the program."""
        match step:
            case Made(path, folder):
                self._folder(path.parent).since.append((path.name, _Folder() if folder else _File(bytearray())))
            case Removed(path):
                self._folder(path.parent).since.append((path.name, None))
            case Written(path) | Cut(path):
                found = self._find(path)
                assert isinstance(found, _File)
                found.since.append(step)
            case Synced(path):
                _sync(self._find(path))
            case Said():
                pass

    def cut(self, chance: random.Random) -> dict[Path, bytes]:
        """The power goes now: what is found under each path below the root, a bytes for each file. Folders without files are left out."""
        # some cuts lose nearly all that was on its way, some nearly nothing
        likely = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        return dict(_left(self._top, Path(), chance, likely))

    def _find(self, path: Path) -> _File | _Folder:
        found: _File | _Folder = self._top
        for part in path.relative_to(self._root).parts:
            assert isinstance(found, _Folder)
            found = found.named(part)
        return found

    def _folder(self, path: Path) -> _Folder:
        found = self._find(path)
        assert isinstance(found, _Folder)
        return found


def _sync(found: _File | _Folder) -> None:
    if isinstance(found, _File):
        for step in found.since:
            _apply(found.certain, step)
    else:
        for name, entry in found.since:
            _enter(found.certain, name, entry)
    found.since.clear()


def _left(folder: _Folder, at: Path, chance: random.Random, likely: float) -> Iterator[tuple[Path, bytes]]:
    names = dict(folder.certain)
    for name in sorted({name for name, _ in folder.since}):
        # of one name the changes are kept in their order, up to one of them
        changes = [entry for other, entry in folder.since if other == name]
        kept = sum(chance.random() < likely for _ in changes)
        if kept:
            _enter(names, name, changes[kept - 1])
    for name, entry in names.items():
        if isinstance(entry, _File):
            yield at / name, _torn(entry, chance, likely)
        else:
            yield from _left(entry, at / name, chance, likely)


def _torn(file: _File, chance: random.Random, likely: float) -> bytes:
    content = bytearray(file.certain)
    match chance.choice(("none", "all", "in order", "any", "any")):
        case "none":
            kept: Iterator[Written | Cut] = iter(())
        case "all":
            kept = iter(file.since)
        case "in order":
            reached = chance.randrange(len(file.since) + 1)
            kept = itertools.chain(file.since[:reached], _some(file.since[reached : reached + 1], chance, 0.0))
        case _:
            kept = _some(file.since, chance, likely)
    for step in kept:
        _apply(content, step)
    return bytes(content)


def _some(since: Sequence[Written | Cut], chance: random.Random, likely: float) -> Iterator[Written | Cut]:
    """Each of these dropped, kept or torn."""
    for step in since:
        if isinstance(step, Written) and chance.random() < 0.3:
            yield from (piece for piece in _sectors(step) if chance.random() < 0.5)
        elif chance.random() < likely:
            yield step


def _sectors(step: Written) -> Iterator[Written]:
    at, end = step.offset, step.offset + len(step.content)
    while at < end:
        bound = min((at // SECTOR + 1) * SECTOR, end)
        yield Written(step.path, at, step.content[at - step.offset : bound - step.offset])
        at = bound


def _apply(content: bytearray, step: Written | Cut) -> None:
    if isinstance(step, Cut):
        del content[step.size :]
        content.extend(bytes(step.size - len(content)))
        return
    content.extend(bytes(max(0, step.offset - len(content))))
    content[step.offset : step.offset + len(step.content)] = step.content


def _enter(names: "dict[str, _File | _Folder]", name: str, entry: "_File | _Folder | None") -> None:
    if entry is None:
        names.pop(name, None)
    else:
        names[name] = entry
