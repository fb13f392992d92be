"""Which events of a booking the requester may know, and which of their notes are our words to her."""

from enum import Enum

from bookings.statuses import EventKind


class Audience(Enum):
    REQUESTER = "requester"
    REQUESTER_WITHOUT_NOTE = "requester_without_note"
    STAFF = "staff"


_HERS = {
    EventKind.REQUESTED,
    EventKind.CONFIRMED,
    EventKind.REPORTED_NOT_MINE,
    EventKind.SCHEDULED,
    EventKind.CHANGED,
    EventKind.DECLINED,
    EventKind.OFFERED,
    EventKind.OFFER_ACCEPTED,
    EventKind.OFFER_DECLINED,
    EventKind.OFFER_EXPIRED,
    EventKind.OFFER_WITHDRAWN,
    EventKind.SHARING_ASKED,
    EventKind.SHARING_ACCEPTED,
    EventKind.SHARING_REFUSED,
    EventKind.GUEST_INVITED,
    EventKind.GUEST_ACCEPTED,
    EventKind.GUEST_REFUSED,
    EventKind.CANCELLED_BY_REQUESTER,
    EventKind.CANCELLED_BY_US,
    EventKind.ONE_OFFICER_ASKED,
    EventKind.ONE_OFFICER_ACCEPTED,
    EventKind.ONE_OFFICER_REFUSED,
    EventKind.ACKNOWLEDGED,
    EventKind.NOBODY_CAME_REPORTED,
    EventKind.MESSAGES_STOPPED,
    EventKind.MESSAGES_RESUMED,
    EventKind.CHANGE_REQUESTED,
    EventKind.CHANGE_DECLINED,
    EventKind.TIMES_PASSED,
    EventKind.MESSAGE_RESENT,
    EventKind.ADDRESS_CONFIRMED,
    EventKind.INBOX_UNSAFE,
    EventKind.PIN_CHOSEN,
    EventKind.WRONG_PINS,
    EventKind.TEAM_MESSAGE_SENT,
    EventKind.TEAM_MESSAGE_READ,
    EventKind.FROZEN,
    EventKind.REMINDED,
    EventKind.EXPIRED,
    EventKind.COPY_LINK_SENT,
    EventKind.COPY_OPENED,
    EventKind.COPY_EXPORTED,
    EventKind.ERASURE_LINK_SENT,
    EventKind.ERASURE_REQUESTED,
    EventKind.ERASURE_UNDONE,
    EventKind.ERASED,
}
_HERS_WITHOUT_NOTE = {
    EventKind.HANDED_OVER,
    EventKind.CONTACTED,
    EventKind.PIN_RESET,
    EventKind.FIRST_PIN_ISSUED,
    EventKind.ADDRESS_CORRECTED,
    EventKind.UNFROZEN,
    EventKind.CARD_READ_OUT,
    EventKind.WAITING_WITH_REQUESTER,
    EventKind.ESCORT_BEGAN,
    EventKind.REQUESTER_ABSENT,
    EventKind.REQUESTER_ARRIVED,
    EventKind.SET_OFF,
    EventKind.ARRIVED,
    EventKind.STARTED,
    EventKind.ENDED,
    EventKind.CALLED_AWAY,
    EventKind.RECORDED_COMPLETED,
    EventKind.OFFICERS_ABSENT,
}
_OF_STAFF = {
    EventKind.CLAIMED,
    EventKind.CLAIM_TAKEN_OVER,
    EventKind.CLAIM_RELEASED,
    EventKind.NOTE_ADDED,
    EventKind.SAFEGUARDING,
    EventKind.SAFEGUARDING_CLOSED,
    EventKind.REASSIGNED,
    EventKind.GUEST_CONFIRMED,
    EventKind.GUEST_REMOVED,
    EventKind.REQUESTER_JOINED,
    EventKind.REQUESTER_LEFT,
    EventKind.OFFICER_LEFT,
    EventKind.OFFICER_WITHDRAWN,
    EventKind.END_OVERDUE,
    EventKind.ATTENDANCE_NEEDED,
    EventKind.NO_BOOKINGS_LEFT,
    EventKind.RESPONSE_AT_RISK,
    EventKind.RESPONSE_LATE,
    EventKind.STAFF_MESSAGE_RESOLVED,
    EventKind.COPY_EXPORT_APPROVED,
    EventKind.APPROVAL_REQUESTED,
    EventKind.APPROVED,
}

AUDIENCES: dict[EventKind, Audience] = {
    **dict.fromkeys(_HERS, Audience.REQUESTER),
    **dict.fromkeys(_HERS_WITHOUT_NOTE, Audience.REQUESTER_WITHOUT_NOTE),
    **dict.fromkeys(_OF_STAFF, Audience.STAFF),
}
"""Every kind has a decision: a test fails on a new kind without one."""
