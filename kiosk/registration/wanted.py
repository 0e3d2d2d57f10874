"""What is still wanted of the travellers at this post, and what is not asked of them. PURE; the policy of the step function.

An age that is undetermined never bars anyone: it makes no child and no adult (law 8).
"""

from dataclasses import replace

from drivers.contract import Finger, Unread
from kiosk.documents.results import Way
from kiosk.registration.profile import Direction, Profile, Question
from kiosk.registration.travellers import Declining, Document, Member, NoPortrait, NoPrint, Papers, Relation, Travellers, Untaken

THE_STAY = (Question.PURPOSE, Question.DAYS)


def is_a_try(why: Unread) -> bool:
    """Waiting for somebody who is still looking for the passport is no failed try; the time limit of the step covers it."""
    return why is not Unread.NOTHING_THERE


def room_left(profile: Profile, travellers: Travellers) -> bool:
    """Whether one more may join."""
    # a lorry has three seats
    most = profile.max_crew if travellers.papers is Papers.CREW else profile.max_party
    return len(travellers.members) < most


def without_adult(profile: Profile, travellers: Travellers) -> bool:
    """Whether every member is known to be a minor."""
    # unknown is not "no": somebody of unknown age may be the adult
    return all(member.age is not None and member.age < profile.adult_age for member in travellers.members)


def questions(profile: Profile, travellers: Travellers) -> tuple[Question, ...]:
    """What this party is asked: the profile's questions without those that its papers already answer."""
    if travellers.papers is Papers.BORDER_PASS or travellers.way is Way.SHORT:
        return ()
    if travellers.papers is Papers.CREW or _comes_home(profile, travellers):
        return tuple(question for question in profile.questions if question not in THE_STAY)
    return profile.questions


def face_wanted(travellers: Travellers) -> int | None:
    """The first member (from 0) whose face is neither taken nor given up."""
    return next((at for at, member in enumerate(travellers.members) if member.face is None), None)


def finger_wanted(profile: Profile, travellers: Travellers) -> tuple[int, Finger] | None:
    """The first member (from 0) and finger that is neither taken nor given up."""
    for at, member in enumerate(travellers.members):
        for finger in fingers_left(profile, travellers, member):
            return at, finger
    return None


def fingers_left(profile: Profile, travellers: Travellers, member: Member) -> tuple[Finger, ...]:
    """The fingers this member is still to give; a child, a border pass and the short way give none."""
    if travellers.papers is Papers.BORDER_PASS or travellers.way is Way.SHORT or _spared(profile, member):
        return ()
    done = {print_.finger for print_ in member.prints}
    return tuple(finger for finger in profile.fingers if finger not in done)


def all_taken(profile: Profile, travellers: Travellers) -> bool:
    """Whether no face and no finger is wanted any more."""
    return face_wanted(travellers) is None and finger_wanted(profile, travellers) is None


def faces_given_up(travellers: Travellers, why: Untaken) -> Travellers:
    """With a code for each face that is still wanted."""
    # what was taken before the device was lost stays
    members = (replace(member, face=member.face or NoPortrait(why)) for member in travellers.members)
    return replace(travellers, members=tuple(members))


def fingers_given_up(profile: Profile, travellers: Travellers, why: Untaken) -> Travellers:
    """With a code for each finger of each member that is still wanted."""
    members = (without_fingers(profile, travellers, member, why) for member in travellers.members)
    return replace(travellers, members=tuple(members))


def without_fingers(profile: Profile, travellers: Travellers, member: Member, why: Untaken | Declining) -> Member:
    """The member with a code for each finger that is still wanted."""
    codes = tuple(NoPrint(finger, why) for finger in fingers_left(profile, travellers, member))
    return replace(member, prints=member.prints + codes)


def _spared(profile: Profile, member: Member) -> bool:
    """Children give no fingers; where no date is known, the one who drives the kiosk is believed."""
    # wrongly sparing a grown-up costs the officer one finger; wrongly asking a child breaks the post's law
    if member.age is None:
        return member.relation is Relation.CHILD
    return member.age < profile.fingers_from


def _comes_home(profile: Profile, travellers: Travellers) -> bool:
    """Whether the whole party enters its own state: then its documents say why it comes and how long it may stay."""
    if profile.direction is Direction.EXIT:
        return False
    # one guest in the party is enough to be asked
    return all(_nationality(member) == profile.state for member in travellers.members)


def _nationality(member: Member) -> str:
    holder = member.papers.examined.holder.value if isinstance(member.papers, Document) else None
    return holder.nationality if holder else ""
