"""Names: of the steps, as the flow writes them, of why a lane is closed and why a session ended. PURE."""

from enum import StrEnum


class StepName(StrEnum):
    """Where a session stands."""

    ATTRACT = "ATTRACT"
    CLOSED = "CLOSED"
    MAINTENANCE = "MAINTENANCE"
    LANGUAGE = "LANGUAGE"
    NOTICE = "NOTICE"
    TRAVEL_CLASS = "TRAVEL_CLASS"
    DOC_CAPTURE = "DOC_CAPTURE"
    PASS_CAPTURE = "PASS_CAPTURE"
    DOC_CHECK = "DOC_CHECK"
    PARTY = "PARTY"
    DECLARE = "DECLARE"
    FACE = "FACE"
    FINGERS = "FINGERS"
    REVIEW = "REVIEW"
    RECORDING = "RECORDING"
    TOKEN = "TOKEN"
    HELP_DISCREET = "HELP_DISCREET"


class ClosedFor(StrEnum):
    """Why a lane takes no further traveller."""

    STAFF = "staff"
    HEADQUARTERS = "headquarters"
    FAULT = "fault"
    JOURNAL_FULL = "journal_full"
    NOT_READY = "not_ready"


class NotRecordedBecause(StrEnum):
    """Why the journal did not take a registration."""

    FULL = "full"
    READ_ONLY = "read_only"
    TOO_LARGE = "too_large"
    BROKEN = "broken"


class EndReason(StrEnum):
    """Why a session ended before anything was recorded."""

    CANCELLED = "cancelled"
    IDLE = "idle"
