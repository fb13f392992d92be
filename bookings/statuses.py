"""The statuses of bookings and walks, and the transitions between them (docs/rules.md#statuses-and-transitions)."""

import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    WAITING = "waiting", "Waiting for an answer"
    OFFERED = "offered", "Offered a time"
    SCHEDULED = "scheduled", "Scheduled"
    COMPLETED = "completed", "Completed"
    DECLINED = "declined", "Declined"
    PASSED_TO_OTHER_FORCE = "passed_to_other_force", "Passed to another force"
    CANCELLED_BY_REQUESTER = "cancelled_by_requester", "Cancelled by the requester"
    CANCELLED_BY_US = "cancelled_by_us", "Cancelled by us"
    REQUESTER_ABSENT = "requester_absent", "Requester did not come"
    OFFICERS_ABSENT = "officers_absent", "Officers did not come"
    NOT_MINE = "not_mine", "Reported as not hers"
    EXPIRED = "expired", "Never confirmed"


OPEN_STATUSES = frozenset({Status.WAITING, Status.OFFERED, Status.SCHEDULED})
"""Bookings that still need something from us."""

STATUSES_TO_ACKNOWLEDGE = frozenset({Status.SCHEDULED, Status.CANCELLED_BY_US})
"""News that the requester needs before she leaves home, so we ask her to acknowledge it."""

REPORTABLE_STATUSES = frozenset({Status.SCHEDULED, Status.COMPLETED, Status.REQUESTER_ABSENT})
"""Statuses in which a requester may report that nobody came, even if officers recorded that they were there."""

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.WAITING: frozenset(
        {
            Status.OFFERED,
            Status.SCHEDULED,
            Status.DECLINED,
            Status.PASSED_TO_OTHER_FORCE,
            Status.CANCELLED_BY_REQUESTER,
            Status.NOT_MINE,
            Status.EXPIRED,
        }
    ),
    Status.OFFERED: frozenset(
        {Status.WAITING, Status.SCHEDULED, Status.DECLINED, Status.CANCELLED_BY_REQUESTER, Status.NOT_MINE}
    ),
    Status.SCHEDULED: frozenset(
        {
            Status.WAITING,  # the walk was cut short: first in the queue for another
            Status.COMPLETED,
            Status.CANCELLED_BY_REQUESTER,
            Status.CANCELLED_BY_US,
            Status.REQUESTER_ABSENT,
            Status.OFFICERS_ABSENT,
        }
    ),
    # Ended bookings change only to correct our own mistakes.
    Status.COMPLETED: frozenset({Status.SCHEDULED, Status.OFFICERS_ABSENT}),
    Status.REQUESTER_ABSENT: frozenset({Status.SCHEDULED, Status.OFFICERS_ABSENT}),
    Status.DECLINED: frozenset(),
    Status.PASSED_TO_OTHER_FORCE: frozenset(),
    Status.CANCELLED_BY_REQUESTER: frozenset(),
    Status.CANCELLED_BY_US: frozenset(),
    Status.OFFICERS_ABSENT: frozenset(),
    Status.NOT_MINE: frozenset(),
    Status.EXPIRED: frozenset(),
}


class DeclineReason(TextChoices):
    """Reasons for declining a walk, none of which judges the requester. She reads them after "because"."""

    NO_OFFICERS = "no_officers", "no officers are free at the times you chose"
    OUTSIDE_AREA = "outside_area", "the place is outside our area"
    NOT_A_WALK = "not_a_walk", "a walk isn’t the right kind of help for what you told us"
    UNSAFE_PLACE = "unsafe_place", "we can’t make a walk safe at that place and time"
    CANNOT_MEET_NEED = "cannot_meet_need", "we can’t arrange what you need in time"
    OTHER = "other", "of something that we explain below"


class DeclineAlternative(TextChoices):
    """Alternatives for a requester whose walk we decline. She reads them as a list after "You can"."""

    OTHER_TIME = "other_time", _("Ask again for another day or time")
    OTHER_SCHEME = "other_scheme", _("Ask another team or scheme. We say which one below")
    STREETSAFE = "streetsafe", _("Tell StreetSafe about the place, without your name. Look for StreetSafe on police.uk")
    LOCAL_CONTACT = "local_contact", _("Talk to the officers for your ward. We say how to contact them below")


REASONS_NEEDING_TEXT = frozenset(
    {DeclineReason.OTHER, DeclineAlternative.OTHER_SCHEME, DeclineAlternative.LOCAL_CONTACT}
)
"""Choices that need a message from the inspector."""


class CancelReason(TextChoices):
    """Our reasons for cancelling a walk. The requester reads them after "because"."""

    CALLED_AWAY = "called_away", "the officers were called to other duties"
    ILLNESS = "illness", "an officer is unwell"
    UNSAFE = "unsafe", "something has happened that makes the walk unsafe"
    OTHER = "other", "something has come up"


class Whereabouts(TextChoices):
    """The requester's whereabouts when the officers are called away."""

    WITH_US = "with_us", "With us: we’re taking her where the walk was due to end"
    AT_HOME = "at_home", "At home, or where she wanted to be"
    WITH_SOMEBODY = "with_somebody", "With someone she trusts"
    ALONE = "alone", "Alone"
    NOT_MET = "not_met", "We haven’t met her, so she may be waiting"


REQUESTER_ALONE = frozenset({Whereabouts.ALONE, Whereabouts.NOT_MET})
"""The requester is on her own: someone must ring her or go there immediately."""


class CallOutcome(TextChoices):
    """The result of ringing a requester who did not come."""

    NOT_COMING = "not_coming", "Yes, and she isn’t coming"
    NO_ANSWER = "no_answer", "Yes, and she didn’t answer"
    MAY_NOT = "may_not", "No: she doesn’t allow it, or gave no number"


class OfferAnswer(TextChoices):
    """The answer to an offer or question, or how it ended without one, in words to the requester."""

    YES = "yes", _("You said yes")
    NO = "no", _("You said no")
    EXPIRED = "expired", _("It expired")
    WITHDRAWN = "withdrawn", _("We withdrew it")


class ConsentAnswer(TextChoices):
    """A requester's answer to whether someone may join her walk."""

    YES = "yes", "Yes"
    NO = "no", "No"


class GuestState(TextChoices):
    """The state of an invitation to a guest."""

    ASKED = "asked", "The women are being asked"
    COMING = "coming", "Coming"
    REFUSED = "refused", "Not coming: a woman said no"
    WITHDRAWN = "withdrawn", "Not coming: withdrawn"


class Channel(TextChoices):
    """The kind of email that the requester allows."""

    FULL = "full", "Email with full details"
    DISCREET = "discreet", "Discreet email"
    NONE = "none", "No email"


class PhoneRule(TextChoices):
    """Permitted uses of the requester's number."""

    CALL = "call", "You can call me"
    TEXT = "text", "You can text me"
    VOICEMAIL = "voicemail", "You can leave a voicemail"


class DayPart(TextChoices):
    """A part of the day in which a requester could start, instead of a certain time."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")
    LATE = "late", _("Late")

    @classmethod
    def of(cls, start: datetime.time) -> "DayPart":
        """Return the part of the day with this start. Before 7am counts as morning, and after 10pm as late."""
        return next((part for part in cls if start < part.ends), cls.LATE)

    @property
    def begins(self) -> datetime.time:
        return DAY_PART_HOURS[self][0]

    @property
    def ends(self) -> datetime.time:
        return DAY_PART_HOURS[self][1]


DAY_PART_HOURS = {
    DayPart.MORNING: (datetime.time(7), datetime.time(12)),
    DayPart.AFTERNOON: (datetime.time(12), datetime.time(17)),
    DayPart.EVENING: (datetime.time(17), datetime.time(20)),
    DayPart.LATE: (datetime.time(20), datetime.time(22)),
}


class StaffBookingMethod(TextChoices):
    """The way an inspector took a booking. Empty if the requester made it on our pages."""

    PHONE = "phone", "By phone"
    MET = "met", "In person"


class Need(TextChoices):
    """Access needs that a requester can choose (docs/rules.md#needs)."""

    BSL = "bsl", "British Sign Language (BSL)"
    TEXT_ONLY = "text_only", "Text or writing, not speech"
    LIPREADING = "lipreading", "Lipreading"
    INTERPRETER = "interpreter", "An interpreter"
    STEP_FREE = "step_free", "Step-free route"
    SLOWER = "slower", "A slower pace, with rests"
    GUIDE = "guide", "A guide, for sight loss"
    QUIET = "quiet", "A quiet walk, with little noise or light"
    TWO_OFFICERS = "two_officers", "Always two officers"
    OTHER = "other", "Something else"


INTERPRETED_NEEDS = frozenset({Need.BSL, Need.INTERPRETER})
"""Needs for which we must first find an interpreter, so these walks need more notice."""


class SafeguardingOutcome(TextChoices):
    """The outcome of a safeguarding mark. Details stay in the force's own records and are never copied here."""

    RECORDED = "recorded", "Recorded as a crime"
    REFERRED = "referred", "Referred as a safeguarding matter"
    BOTH = "both", "Recorded as a crime, and referred"
    KNOWN = "known", "Already known: nothing new to record"
    NEITHER = "neither", "Looked into: not a crime or a safeguarding matter"


class ContactMethod(TextChoices):
    """How an inspector spoke with the requester."""

    PHONE = "phone", "By phone, on the number she gave us"
    OTHER_NUMBER = "other_number", "By phone, on another number"
    IN_PERSON = "in_person", "In person"
    NOT_SPOKEN = "not_spoken", "I haven’t: it’s an obvious typing mistake"


class ReadReason(TextChoices):
    """Why a person opened the requester's details, as the requester reads it. It follows from what that person did.

    LIST is for pages that nobody opened for her sake. It isn't shown to her. The first four are answers to the question
    that comes before a booking that is neither hers nor on her walk (docs/rules.md#need-to-know).
    """

    COVER = "cover", _("covering for a colleague")
    IN_TOUCH = "in_touch", _("you were in touch")
    SAFETY = "safety", _("to keep someone safe")
    CHECK_WORK = "check_work", _("to check our work")

    DECIDE = "decide", _("to decide on your request")
    ARRANGE = "arrange", _("to look after your walk")
    ON_WALK = "on_walk", _("on your walk")
    REVIEW = "review", _("to check it after it ended")
    CALL = "call", _("to ring you")
    ANSWERED_CALL = "answered_call", _("answered your call")
    CARD = "card", _("to read you the details of your walk")
    CONTACT = "contact", _("to correct how we reach you")
    FREEZE = "freeze", _("after you told us “This wasn’t me”")
    APPROVAL = "approval", _("to check a change that a colleague asked for")
    CONCERN = "concern", _("to look into what worried you")
    LIST = "list", _("in a list")


class TimeOfDay(TextChoices):
    """The part of the day, London time, in which a walk begins."""

    MORNING = "morning", "Morning, before midday"
    AFTERNOON = "afternoon", "Afternoon, midday to 5pm"
    EVENING = "evening", "Evening, 5pm to 8pm"
    LATE = "late", "Late, from 8pm"

    @property
    def hours(self) -> tuple[int, int]:
        """The first hour of this part of the day, and of the next."""
        return {self.MORNING: (0, 12), self.AFTERNOON: (12, 17), self.EVENING: (17, 20), self.LATE: (20, 24)}[self]


class Reminder(TextChoices):
    HOUR_LATER = "hour_later", "To confirm, an hour later"
    DAY_LATER = "day_later", "To confirm, a day later"
    DAY_BEFORE = "day_before", "Of her walk, the day before"
    TWO_HOURS = "two_hours", "Of her walk, two hours before"


class EventKind(TextChoices):
    """The kind of an event in the history of a booking or walk."""

    REQUESTED = "requested", "Asked for a walk"
    CONFIRMED = "confirmed", "Confirmed that it was her"
    REPORTED_NOT_MINE = "reported_not_mine", "Said that the request was not hers"
    SCHEDULED = "scheduled", "Walk scheduled"
    CHANGED = "changed", "Walk changed"
    DECLINED = "declined", "Declined"
    UNDONE = "undone", "Decision undone"
    CLAIMED = "claimed", "Assigned to an inspector"
    CLAIM_TAKEN_OVER = "claim_taken_over", "Taken over by a colleague"
    CLAIM_RELEASED = "claim_released", "Unassigned"
    NOTE_ADDED = "note_added", "Note to colleagues"
    SAFEGUARDING = "safeguarding", "Marked: a crime or a safeguarding matter"
    SAFEGUARDING_CLOSED = "safeguarding_closed", "Crime or safeguarding matter closed"
    HANDED_OVER = "handed_over", "Handed over to another BCU"
    OFFERED = "offered", "Offered another time"
    OFFER_ACCEPTED = "offer_accepted", "Accepted an offer"
    OFFER_DECLINED = "offer_declined", "Declined the offer"
    OFFER_EXPIRED = "offer_expired", "Offer expired"
    OFFER_WITHDRAWN = "offer_withdrawn", "Offer withdrawn"
    SHARING_ASKED = "sharing_asked", "Asked whether other women may join"
    SHARING_ACCEPTED = "sharing_accepted", "Said that other women may join"
    SHARING_REFUSED = "sharing_refused", "Said that nobody may join"
    GUEST_INVITED = "guest_invited", "Asked whether a guest may come"
    GUEST_ACCEPTED = "guest_accepted", "Said that the guest may come"
    GUEST_REFUSED = "guest_refused", "Said that the guest may not come"
    GUEST_CONFIRMED = "guest_confirmed", "A guest is coming"
    GUEST_REMOVED = "guest_removed", "A guest is not coming any more"
    REQUESTER_JOINED = "requester_joined", "A woman has joined the walk"
    REQUESTER_LEFT = "requester_left", "A woman has left the walk"
    CANCELLED_BY_REQUESTER = "cancelled_by_requester", "Cancelled by the requester"
    CANCELLED_BY_US = "cancelled_by_us", "Cancelled by us"
    OFFICER_LEFT = "officer_left", "Officer cannot make it"
    OFFICER_WITHDRAWN = "officer_withdrawn", "Officer does not lead walks here any more"
    TAKEOVER_ASKED = "takeover_asked", "Asked a colleague to take over"
    TAKEOVER_ACCEPTED = "takeover_accepted", "Took a colleague’s place"
    TAKEOVER_DECLINED = "takeover_declined", "Can’t take a colleague’s place"
    TAKEOVER_WITHDRAWN = "takeover_withdrawn", "Stopped asking a colleague to take over"
    SET_OFF = "set_off", "Officers on their way"
    ARRIVED = "arrived", "Officers at the meeting place"
    WAITING_WITH_REQUESTER = "waiting_with_requester", "Waiting with her, with too few officers"
    ESCORT_BEGAN = "escort_began", "Seeing her to safety, with too few officers"
    REQUESTER_ABSENT = "requester_absent", "Requester did not come"
    REQUESTER_ARRIVED = "requester_arrived", "Requester came late"
    STARTED = "started", "Walk started"
    ENDED = "ended", "Walk ended safely"
    START_UNDONE = "start_undone", "“Start the walk” undone"
    END_UNDONE = "end_undone", "“Ended safely” undone"
    CALLED_AWAY = "called_away", "Officers called away"
    RECORDED_COMPLETED = "recorded_completed", "Took place, recorded afterwards"
    OFFICERS_ABSENT = "officers_absent", "Officers did not come, recorded afterwards"
    END_OVERDUE = "end_overdue", "Nobody has said that it ended safely"
    ATTENDANCE_NEEDED = "attendance_needed", "Team told that someone must go there"
    ONE_OFFICER_ASKED = "one_officer_asked", "Asked whether one officer will do"
    ONE_OFFICER_ACCEPTED = "one_officer_accepted", "Said that one officer will do"
    ONE_OFFICER_REFUSED = "one_officer_refused", "Said that one officer will not do"
    NO_BOOKINGS_LEFT = "no_bookings_left", "No bookings left on the walk"
    EXPIRED = "expired", "Expired: never confirmed"
    ERASED = "erased", "Her details deleted"
    ACKNOWLEDGED = "acknowledged", "Has seen the news"
    CONTACTED = "contacted", "Spoken with, or met"
    NOBODY_CAME_REPORTED = "nobody_came_reported", "Said that nobody came"
    MESSAGES_STOPPED = "messages_stopped", "Asked us to stop writing"
    REASSIGNED = "reassigned", "Given to another nominated inspector"
    CHANGE_REQUESTED = "change_requested", "Asked for other times"
    CHANGE_DECLINED = "change_declined", "Told that her walk stays as it is"
    TIMES_PASSED = "times_passed", "All her times passed before we answered"
    RESPONSE_AT_RISK = "response_at_risk", "Team told that our answer is at risk"
    RESPONSE_LATE = "response_late", "Team told that our answer is late"
    MESSAGE_RESENT = "message_resent", "The news sent to her again"
    ADDRESS_CORRECTED = "address_corrected", "Email address corrected, and the news sent there"
    ADDRESS_CONFIRMED = "address_confirmed", "Confirmed her new address"
    STAFF_MESSAGE_RESOLVED = "staff_message_resolved", "Resolved a message that had not reached an officer or the team"
    INBOX_UNSAFE = "inbox_unsafe", "Said that her inbox is not safe"
    MESSAGES_RESUMED = "messages_resumed", "Asked us to write again"
    PIN_RESET = "pin_reset", "Rang her and read out a one-time PIN"
    FIRST_PIN_ISSUED = "first_pin_issued", "Given a first one-time PIN"
    FROZEN = "frozen", "Frozen: “This wasn’t me”"
    UNFROZEN = "unfrozen", "Freeze lifted, after speaking with her"
    APPROVAL_REQUESTED = "approval_requested", "Asked a second inspector to agree"
    APPROVED = "approved", "A second inspector agreed"
    WRONG_PINS = "wrong_pins", "Someone entered a wrong PIN many times"
    WALK_CHECKED = "walk_checked", "Control room told a caller that these are our officers"
    WALK_CHECK_FAILED = (
        "walk_check_failed",
        "Someone asked the control room with the wrong words",
    )
    WALK_CHECK_CLOSED = "walk_check_closed", "Team told that the control room doesn’t check these officers any more"
    CARD_READ_OUT = "card_read_out", "Walk card read to her on the phone"
    PIN_CHOSEN = "pin_chosen", "Chose a new PIN"
    REMINDED = "reminded", "Reminded"
    COPY_LINK_SENT = "copy_link_sent", "Sent a link to a copy of her details"
    COPY_OPENED = "copy_opened", "Opened a copy of her details"
    COPY_EXPORTED = "copy_exported", "Printed a copy of her details"
    COPY_EXPORT_APPROVED = "copy_export_approved", "Approved a copy with staff notes"
    ERASURE_LINK_SENT = "erasure_link_sent", "Sent a link to delete her details"
    ERASURE_REQUESTED = "erasure_requested", "Asked us to delete her details"
    ERASURE_UNDONE = "erasure_undone", "Asked us to keep her details after all"
    TEAM_MESSAGE_SENT = "team_message_sent", "Wrote to the team on her page"
    TEAM_MESSAGE_READ = "team_message_read", "Read her message"


HERS_ALONE = (EventKind.COPY_LINK_SENT, EventKind.COPY_OPENED, EventKind.COPY_EXPORTED)
"""Events that staff don't see unless a colleague did it: a copy may be the beginning of a complaint about them."""

CHECK_EVENT_KINDS = (EventKind.WALK_CHECKED, EventKind.WALK_CHECK_FAILED)
"""Callers who asked the control room about her officers."""

COUNTED_EVENT_KINDS = (EventKind.DECLINED, EventKind.TIMES_PASSED)
"""Events that the figures count by the day on which they happened."""

CLAIM_EVENT_KINDS = (
    EventKind.CLAIMED,
    EventKind.CLAIM_TAKEN_OVER,
    EventKind.CLAIM_RELEASED,
    EventKind.HANDED_OVER,
    EventKind.REASSIGNED,
    EventKind.FROZEN,
)
"""Events that begin or end a claim."""

CREDENTIAL_EVENT_KINDS = (
    EventKind.PIN_RESET,
    EventKind.FIRST_PIN_ISSUED,
    EventKind.PIN_CHOSEN,
    EventKind.WRONG_PINS,
    EventKind.ADDRESS_CORRECTED,
    EventKind.ADDRESS_CONFIRMED,
    EventKind.INBOX_UNSAFE,
    EventKind.CONFIRMED,
    EventKind.CARD_READ_OUT,
    EventKind.APPROVAL_REQUESTED,
    EventKind.APPROVED,
)
"""Events that change or touch how a requester opens her page, or where we write to her."""

FREEZE_EVENT_KINDS = (EventKind.FROZEN, EventKind.UNFROZEN)

AUDITED_EVENT_KINDS = (*CREDENTIAL_EVENT_KINDS, *FREEZE_EVENT_KINDS)
"""Events in the auditor's reports, by the day on which they happened."""
