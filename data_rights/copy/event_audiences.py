"""The events of a booking that its requester may know, in words to her."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.statuses import EventKind


@dataclass(frozen=True)
class ShownEvent:
    """An event as the requester's copy shows it."""

    label: Promise
    has_note: bool = True
    """Whether the note is our words to her. Otherwise it is for staff."""


SHOWN_EVENTS: dict[EventKind, ShownEvent | None] = {
    EventKind.REQUESTED: ShownEvent(_("You asked for a walk")),
    EventKind.CONFIRMED: ShownEvent(_("You confirmed that it was you")),
    EventKind.REPORTED_NOT_MINE: ShownEvent(_("We were told that this request wasn’t yours")),
    EventKind.SCHEDULED: ShownEvent(_("We booked your walk")),
    EventKind.CHANGED: ShownEvent(_("We changed your walk")),
    EventKind.DECLINED: ShownEvent(_("We told you that we couldn’t arrange your walk")),
    EventKind.HANDED_OVER: ShownEvent(_("Another team took over your request"), has_note=False),
    EventKind.OFFERED: ShownEvent(_("We offered you another time")),
    EventKind.OFFER_ACCEPTED: ShownEvent(_("You accepted our offer")),
    EventKind.OFFER_DECLINED: ShownEvent(_("You said no to our offer")),
    EventKind.OFFER_EXPIRED: ShownEvent(_("Our offer expired")),
    EventKind.OFFER_WITHDRAWN: ShownEvent(_("We withdrew our offer")),
    EventKind.SHARING_ASKED: ShownEvent(_("We asked you whether other women may join your walk")),
    EventKind.SHARING_ACCEPTED: ShownEvent(_("You said that other women may join")),
    EventKind.SHARING_REFUSED: ShownEvent(_("You said that nobody may join")),
    EventKind.GUEST_INVITED: ShownEvent(_("We asked you whether a guest may join your walk")),
    EventKind.GUEST_ACCEPTED: ShownEvent(_("You said that the guest may join")),
    EventKind.GUEST_REFUSED: ShownEvent(_("You said that the guest may not join")),
    EventKind.ONE_OFFICER_ASKED: ShownEvent(_("We asked you whether one officer is enough")),
    EventKind.ONE_OFFICER_ACCEPTED: ShownEvent(_("You said that one officer is enough")),
    EventKind.ONE_OFFICER_REFUSED: ShownEvent(_("You said that one officer isn’t enough")),
    EventKind.CHANGE_REQUESTED: ShownEvent(_("You asked to change your walk")),
    EventKind.CHANGE_DECLINED: ShownEvent(_("We told you that your walk stays as it is")),
    EventKind.TIMES_PASSED: ShownEvent(_("All the times you chose passed before we answered")),
    EventKind.CANCELLED_BY_REQUESTER: ShownEvent(_("You cancelled")),
    EventKind.CANCELLED_BY_US: ShownEvent(_("We cancelled")),
    EventKind.EXPIRED: ShownEvent(_("Your request expired, because it wasn’t confirmed")),
    EventKind.REMINDED: ShownEvent(_("We sent you a reminder")),
    EventKind.MESSAGE_RESENT: ShownEvent(_("We sent you our message again")),
    EventKind.ACKNOWLEDGED: ShownEvent(_("You told us that you’d seen the news")),
    EventKind.CONTACTED: ShownEvent(_("We spoke with you or met you"), has_note=False),
    EventKind.SET_OFF: ShownEvent(_("The officers set off"), has_note=False),
    EventKind.ARRIVED: ShownEvent(_("The officers arrived at the meeting place"), has_note=False),
    EventKind.WAITING_WITH_REQUESTER: ShownEvent(_("Too few officers came, so they waited with you"), has_note=False),
    EventKind.ESCORT_BEGAN: ShownEvent(_("Too few officers came, so they took you somewhere safe"), has_note=False),
    EventKind.REQUESTER_ABSENT: ShownEvent(_("An officer recorded that you didn’t come"), has_note=False),
    EventKind.REQUESTER_ARRIVED: ShownEvent(_("An officer recorded that you came late"), has_note=False),
    EventKind.STARTED: ShownEvent(_("Your walk started"), has_note=False),
    EventKind.ENDED: ShownEvent(_("Your walk ended safely"), has_note=False),
    EventKind.START_UNDONE: ShownEvent(_("An officer corrected that: your walk hadn’t started"), has_note=False),
    EventKind.END_UNDONE: ShownEvent(_("An officer corrected that: your walk hadn’t ended"), has_note=False),
    EventKind.CALLED_AWAY: ShownEvent(_("The officers were called away"), has_note=False),
    EventKind.RECORDED_COMPLETED: ShownEvent(_("We recorded afterwards that your walk took place"), has_note=False),
    EventKind.OFFICERS_ABSENT: ShownEvent(_("We recorded afterwards that the officers didn’t come"), has_note=False),
    EventKind.NOBODY_CAME_REPORTED: ShownEvent(_("You told us that nobody came")),
    EventKind.TEAM_MESSAGE_SENT: ShownEvent(_("You wrote to the team on your page")),
    EventKind.TEAM_MESSAGE_READ: ShownEvent(_("The team read your message")),
    EventKind.ADDRESS_CORRECTED: ShownEvent(_("Your email address was changed"), has_note=False),
    EventKind.ADDRESS_CONFIRMED: ShownEvent(_("You confirmed your email address")),
    EventKind.INBOX_UNSAFE: ShownEvent(_("You told us that your inbox isn’t safe")),
    EventKind.MESSAGES_STOPPED: ShownEvent(_("You asked us to stop writing")),
    EventKind.MESSAGES_RESUMED: ShownEvent(_("You asked us to write again")),
    EventKind.FIRST_PIN_ISSUED: ShownEvent(_("The team made your first PIN to read out to you"), has_note=False),
    EventKind.PIN_RESET: ShownEvent(_("The team made a new PIN to read out to you"), has_note=False),
    EventKind.PIN_CHOSEN: ShownEvent(_("You chose a new PIN")),
    EventKind.WRONG_PINS: ShownEvent(_("Someone entered a wrong PIN many times")),
    EventKind.WALK_CHECKED: ShownEvent(_("Someone checked your officers by 101")),
    EventKind.WALK_CHECK_FAILED: ShownEvent(_("Someone asked 101 about your walk, with the wrong words")),
    EventKind.CARD_READ_OUT: ShownEvent(
        _("The team read the details of your walk to you on the phone"), has_note=False
    ),
    EventKind.FROZEN: ShownEvent(_("You told us “This wasn’t me”")),
    EventKind.UNFROZEN: ShownEvent(_("A different team spoke with you and opened your page again"), has_note=False),
    EventKind.COPY_LINK_SENT: ShownEvent(_("We sent you a link to a copy of your details")),
    EventKind.COPY_OPENED: ShownEvent(_("You opened a copy of your details")),
    EventKind.COPY_EXPORTED: ShownEvent(_("A copy of your details was printed for you")),
    EventKind.ERASURE_LINK_SENT: ShownEvent(_("We sent you a link to delete your details")),
    EventKind.ERASURE_REQUESTED: ShownEvent(_("You asked us to delete your details")),
    EventKind.ERASURE_UNDONE: ShownEvent(_("You asked us to keep your details after all")),
    EventKind.ERASED: ShownEvent(_("We deleted your details")),
    EventKind.UNDONE: None,  # nor the decision that was undone, of which she never heard
    EventKind.CLAIMED: None,
    EventKind.CLAIM_TAKEN_OVER: None,
    EventKind.CLAIM_RELEASED: None,
    EventKind.NOTE_ADDED: None,
    EventKind.SAFEGUARDING: None,
    EventKind.SAFEGUARDING_CLOSED: None,
    EventKind.REASSIGNED: None,
    EventKind.GUEST_CONFIRMED: None,
    EventKind.GUEST_REMOVED: None,
    EventKind.REQUESTER_JOINED: None,
    EventKind.REQUESTER_LEFT: None,
    EventKind.TAKEOVER_ASKED: None,
    EventKind.TAKEOVER_ACCEPTED: None,
    EventKind.TAKEOVER_DECLINED: None,
    EventKind.TAKEOVER_WITHDRAWN: None,
    EventKind.OFFICER_LEFT: None,
    EventKind.OFFICER_WITHDRAWN: None,
    EventKind.END_OVERDUE: None,
    EventKind.WALK_CHECK_CLOSED: None,
    EventKind.ATTENDANCE_NEEDED: None,
    EventKind.NO_BOOKINGS_LEFT: None,
    EventKind.RESPONSE_AT_RISK: None,
    EventKind.RESPONSE_LATE: None,
    EventKind.STAFF_MESSAGE_RESOLVED: None,
    EventKind.COPY_EXPORT_APPROVED: None,
    EventKind.APPROVAL_REQUESTED: None,
    EventKind.APPROVED: None,
}
"""None is an event for staff alone. A test fails on a new kind without a decision."""
