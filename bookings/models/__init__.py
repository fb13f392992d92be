from bookings.models.arrangements import Arrangement
from bookings.models.booking_queries import QUEUE_ORDER, REPEATS_COUNT_FOR, BookingQuerySet, fetch_for_queue
from bookings.models.bookings import Booking, women_of, women_shown_to
from bookings.models.company import Agreement, Guest
from bookings.models.conditions import (
    ASKS_AGAIN,
    CUT_OFF,
    IS_OPEN,
    LEFT_WAITING,
    NOBODY_HAS,
    NOT_KNOWN_TO_KNOW,
    PASSED_UNANSWERED,
    SAFEGUARDING,
    UNANSWERED,
    to_go_to,
)
from bookings.models.contacts import BookingContact, Wish
from bookings.models.drafts import DRAFT_LIFE, Draft
from bookings.models.duty import DutyDay, WeeklyDuty
from bookings.models.equality import EqualityCount
from bookings.models.feeds import CalendarFeed
from bookings.models.offers import ROUNDS, Offer
from bookings.models.one_officer import OneOfficerQuestion
from bookings.models.records import A_MINUTE, Event, Limit, Link, LinkRequest, RateCount, ReadLog
from bookings.models.standing import WEEKDAYS, StandingWalk
from bookings.models.walks import (
    ALERT_AFTER,
    ALERT_AGAIN_AFTER,
    CANNOT_MAKE_IT,
    DETAILS_OPEN_BEFORE,
    PLACES_UNTIL,
    Assignment,
    Walk,
    WalkQuerySet,
)

__all__ = [
    "ALERT_AFTER",
    "ALERT_AGAIN_AFTER",
    "ASKS_AGAIN",
    "A_MINUTE",
    "CANNOT_MAKE_IT",
    "CUT_OFF",
    "DETAILS_OPEN_BEFORE",
    "DRAFT_LIFE",
    "IS_OPEN",
    "LEFT_WAITING",
    "NOBODY_HAS",
    "NOT_KNOWN_TO_KNOW",
    "PASSED_UNANSWERED",
    "PLACES_UNTIL",
    "QUEUE_ORDER",
    "REPEATS_COUNT_FOR",
    "ROUNDS",
    "SAFEGUARDING",
    "UNANSWERED",
    "WEEKDAYS",
    "Agreement",
    "Arrangement",
    "Assignment",
    "Booking",
    "BookingContact",
    "BookingQuerySet",
    "CalendarFeed",
    "Draft",
    "DutyDay",
    "EqualityCount",
    "Event",
    "Guest",
    "Limit",
    "Link",
    "LinkRequest",
    "Offer",
    "OneOfficerQuestion",
    "RateCount",
    "ReadLog",
    "StandingWalk",
    "Walk",
    "WalkQuerySet",
    "WeeklyDuty",
    "Wish",
    "fetch_for_queue",
    "to_go_to",
    "women_of",
    "women_shown_to",
]
