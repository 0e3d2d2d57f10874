"""What a lane without a screen records: registrations of nobody."""

import msgspec

from kiosk.record import MemberRecord, RegistrationRecord

# The zone of ICAO Doc 9303's own specimen of Utopia: nobody's
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
FINGERS = (("right_index", "captured"), ("left_index", "captured"))
ANSWERS = {"purpose": "trade", "days": "3", "health": "well", "goods": "yes"}


def synthetic(post: str, number: int) -> bytes:
    """A registration of nobody: the specimen of Utopia, in the form that every registration has."""
    member = MemberRecord(
        holder=None,
        checks=(),
        way="document",
        source="passport_reader",
        confirmed=True,
        zone=ZONE,
        face="captured",
        face_quality=80,
        prints=FINGERS,
    )
    return msgspec.json.encode(RegistrationRecord(f"{number:06d}", number, post, "exit", "en", "document", "", (member,), ANSWERS))
