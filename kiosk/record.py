"""A registration as bytes, and back as the officer sees it. PURE.

The payload that is sealed is JSON of at most 16 KiB; pictures go beside it as media, each sealed on its own. What an officer's console and
headquarters' opener read is this form, so a field here is a promise: new ones may come, none changes its meaning.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from kiosk.documents.results import Check, Holder
from kiosk.private import Private
from kiosk.registration.profile import Profile
from kiosk.registration.travellers import BorderPass, Document, Image, Member, NoPortrait, Portrait, Print, Registration

LARGEST = 16 * 1024
HEAD: dict[str, type] = {"kind": str, "member": int, "encoding": str, "width": int, "height": int}
"""What the head of a picture says at least."""


class MediaKind(StrEnum):
    """What a picture shows; the kinds of the reporting contract."""

    FACE = "face"
    FINGER = "finger"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Media:
    """A picture that goes with a registration. `store`: kept for headquarters; otherwise for the desk only, and gone with the case."""

    kind: MediaKind
    member: int
    image: Image
    store: bool
    note: str = ""


class MemberRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One traveller as recorded. `holder` is None where no zone was read; `face` and `prints` hold qualities or coded reasons."""

    holder: Holder | None
    checks: tuple[Check, ...]
    way: str
    source: str
    confirmed: bool
    relation: str | None = None
    zone: tuple[str, ...] = ()
    border_pass: str = ""
    face: str = ""
    face_quality: int | None = None
    prints: tuple[tuple[str, str], ...] = ()


class RegistrationRecord(msgspec.Struct, frozen=True):
    """A registration as recorded: what the officer decides on and headquarters keeps."""

    token: str
    number: int
    post: str
    direction: str
    language: str
    papers: str
    help: str
    members: tuple[MemberRecord, ...]
    answers: dict[str, str]


class RecordWrong(ValueError):
    """Bytes are not a registration record. The text holds nothing of a person."""


def payload(registration: Registration, profile: Profile, token: str, number: int) -> bytes:
    """The bytes to seal. Raises RecordWrong past 16 KiB."""
    travellers = registration.travellers
    record = RegistrationRecord(
        token=token,
        number=number,
        post=profile.post,
        direction=profile.direction,
        language=registration.language,
        papers=travellers.papers if travellers else "",
        help=registration.help or "",
        members=tuple(_member(member) for member in travellers.members) if travellers else (),
        answers={answer.question: answer.value.value for answer in travellers.answers} if travellers else {},
    )
    made = msgspec.json.encode(record)
    if len(made) > LARGEST:
        raise RecordWrong(f"a registration of {len(made)} bytes is larger than 16 KiB")
    return made


def read(content: bytes) -> RegistrationRecord:
    """What a sealed payload says. Raises RecordWrong."""
    try:
        return msgspec.json.decode(content, type=RegistrationRecord)
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise RecordWrong("this is not a registration record") from None


def media(registration: Registration) -> Iterator[Media]:
    """The pictures that go with it. Document pictures are for the desk; faces and fingers are kept."""
    members = registration.travellers.members if registration.travellers else ()
    for at, member in enumerate(members):
        picture = member.papers.picture if isinstance(member.papers, BorderPass) else member.papers.scan.picture
        if picture is not None:
            yield Media(MediaKind.DOCUMENT, at, picture, store=False)
        if isinstance(member.face, Portrait):
            yield Media(MediaKind.FACE, at, member.face.image, store=True)
        for taken in member.prints:
            if isinstance(taken, Print):
                yield Media(MediaKind.FINGER, at, taken.image, store=True, note=f"{taken.finger} {taken.ppi} ppi")


def media_payload(one: Media) -> bytes:
    """The bytes to seal for a picture: a line of JSON that says what it is, then the picture's own bytes."""
    image = one.image
    head: dict[str, Any] = {
        "kind": one.kind,
        "member": one.member,
        "encoding": image.encoding,
        "width": image.width,
        "height": image.height,
    }
    return json.dumps({**head, "note": one.note}).encode() + b"\n" + image.data.value


def read_media(content: bytes) -> tuple[dict[str, Any], Private[bytes]]:
    """The head and the picture of a media payload. Raises RecordWrong."""
    head, _, data = content.partition(b"\n")
    try:
        values = json.loads(head)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise RecordWrong("this is not a picture of a registration") from None
    if not isinstance(values, dict) or not all(type(values.get(name)) is kind for name, kind in HEAD.items()):
        raise RecordWrong("this is not a picture of a registration")
    return values, Private(data)


def _member(member: Member) -> MemberRecord:
    papers = member.papers
    face = member.face
    scanned = papers if isinstance(papers, Document) else None
    return MemberRecord(
        holder=scanned.examined.holder.value if scanned else None,
        checks=scanned.examined.checks if scanned else (),
        way=member.way,
        source=scanned.scan.source if scanned else "document_camera",
        confirmed=scanned.scan.confirmed if scanned else True,
        relation=member.relation,
        zone=scanned.scan.lines.value if scanned else (),
        border_pass=papers.text.value if isinstance(papers, BorderPass) else "",
        face="captured" if isinstance(face, Portrait) else face.why if isinstance(face, NoPortrait) else "",
        face_quality=face.quality if isinstance(face, Portrait) else None,
        prints=tuple((taken.finger, "captured" if isinstance(taken, Print) else taken.why) for taken in member.prints),
    )
