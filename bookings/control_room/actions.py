"""The control room's check: are these the officers of a walk? Yes or no, and never more.

docs/rules.md#the-control-rooms-check
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.limits import RateLimit, note_reached, window_start
from accounts.models import RateCount, SecurityEvent, SecurityEventKind
from accounts.security_log import record_security_event
from bookings.control_room.emails import send_team_walk_check_closed
from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking, bookings_on_walks
from bookings.models.events import Event
from bookings.permissions import can_check_officers
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, require
from walks.locks import lock_walk
from walks.models.walks import Assignment, Walk
from walks.phrases import which_match

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
WRONG_PER_NUMBER_A_DAY = 5
"""Wrong answers for one reference or shoulder number. A phrase is one of 360, so five are a chance of one in 72."""
WRONG_PER_WALK_A_DAY = 10
"""Wrong answers for one walk, by its references and its officers' numbers together."""
NO_WALK = UUID(int=0)
"""Stands for the walk where there is none, so that this costs the same work."""
BY_REFERENCE, BY_NUMBER = "by reference", "by shoulder number"
RIGHT_WORDS = ", with the right words"
"""Said in a line about a no that was not about the words."""
LEFT = (EventKind.OFFICER_LEFT, EventKind.OFFICER_WITHDRAWN)


class TooManyChecks(ActionError):
    """A limit is reached, which says nothing of whether there is such a walk."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The caller's reference or shoulder number, as stored, and the words."""

    words: str
    reference: str = ""
    shoulder_number: str = ""

    @property
    def how(self) -> str:
        return BY_REFERENCE if self.reference else BY_NUMBER

    @property
    def limit(self) -> RateLimit:
        """The limit of wrong answers for what was asked about, whether or not it exists."""
        key = f"wrong words for {self.how} {self.reference or self.shoulder_number}"
        return RateLimit(key, DAY, WRONG_PER_NUMBER_A_DAY)


def check_officers(asked: Asked, *, by: Officer, network: str) -> bool:
    """Return whether the words are those of officers on a walk at this time, and record the answer.

    Every no costs the same queries, whatever the reason. Raise TooManyChecks before anything is looked up.
    """
    require(can_check_officers(by))
    now = timezone.now()
    _count_check(asked, by=by, network=network, now=now)
    with transaction.atomic():
        walks = _walks_asked_about(asked, now)
        matches = which_match(asked.words, [walk.officers_phrase for walk in walks])
        limits = {pk: _limit_of_walk(pk) for pk in [walk.pk for walk in walks] or [NO_WALK]}
        guessed = RateCount.objects.find_reached(limits.values(), now=now)
        meant = [walk for walk, match in zip(walks, matches, strict=True) if match]
        right = [walk.pk for walk in meant if limits[walk.pk] not in guessed and _is_proof(asked, walk)]
        bookings = _bookings_asked_about(asked, right or [*limits])
        if right and bookings:
            _record_yes(asked, bookings, by=by, now=now)
            return True
        RateCount.objects.take([_limit_of_walk(NO_WALK)] if meant else limits.values(), now=now)
        _record_no(asked, bookings, by=by, has_right_words=bool(meant))
    return False


def _is_proof(asked: Asked, walk: Walk) -> bool:
    """Return whether right words say yes. By reference they don't if someone who left the walk may still know them.

    The words are new as soon as the walk has enough officers again, but not on a walk that has started. A shoulder
    number says who stands there: an officer who is on the walk now.
    """
    return bool(asked.shoulder_number) or not (walk.lacks > 0 or walk.lost_officer_on_the_way)


def _limit_of_walk(pk: UUID) -> RateLimit:
    """Return the limit of wrong words for one walk. Once it is reached, the answer is no, and looks like any other."""
    return RateLimit(f"wrong words for walk {pk}", DAY, WRONG_PER_WALK_A_DAY)


def _count_check(asked: Asked, *, by: Officer, network: str, now: datetime.datetime) -> None:
    """Count one check, and for now one wrong answer. The refusal says what the operator can do."""
    person = RateLimit(f"checks by {by.pk}", HOUR, settings.CHECKS_PER_PERSON_AN_HOUR)
    shared = RateLimit(f"checks from {network}", HOUR, settings.CHECKS_PER_NETWORK_AN_HOUR, is_shared=True)
    reached = RateCount.objects.take([person, shared, asked.limit], now=now)
    for limit in reached:
        note_reached(limit)
    if asked.limit in reached:
        raise TooManyChecks(
            "This reference or number was checked with wrong words too often today, so we don’t check it any more. "
            "Ring the duty number of the borough’s team, and ask them to call the caller back."
        )
    if reached:
        resumes = london.clock(max(limit.window_end(now) for limit in reached))
        raise TooManyChecks(
            f"There were too many checks in this hour. You can check again from {resumes}. "
            "Until then, ring the duty number of the borough’s team."
        )


def _walks_asked_about(asked: Asked, now: datetime.datetime) -> list[Walk]:
    """Return the walks at this time that the reference or the shoulder number is on, if officers are on them."""
    there = Assignment.objects.filter(is_live=True, officer__is_active=True)
    if asked.shoulder_number:
        there = there.filter(officer__shoulder_number=asked.shoulder_number)
    walks = Walk.objects.with_officers_to_check(now).filter(pk__in=there.values("walk"))
    if asked.reference:
        booked = Booking.objects.filter(reference=asked.reference)
        walks = walks.filter(Q(pk__in=booked.values("walk")) | Q(pk__in=booked.values("cut_short_walk")))
    left = Event.objects.filter(walk=OuterRef("pk"), kind__in=LEFT, at__gte=OuterRef("started_at"))
    lost = {"lost_officer_on_the_way": Exists(left)}
    return list(walks.with_officers_counted().annotate(**lost).only("officers_phrase").order_by("pk"))


def _bookings_asked_about(asked: Asked, walks: Collection[UUID]) -> list[Booking]:
    """Return the booking with this reference, or all that are on the walks of an officer with this number."""
    bookings = bookings_on_walks(walks)
    if asked.reference:
        bookings = bookings.filter(reference=asked.reference)
    return list(bookings.order_by("pk"))


def _record_yes(asked: Asked, bookings: Collection[Booking], *, by: Officer, now: datetime.datetime) -> None:
    """Record it for each requester on the walk. A right answer doesn't count against what was asked about."""
    RateCount.objects.give_back([asked.limit], now=now)
    for booking in bookings:
        record(EventKind.WALK_CHECKED, booking=booking, by=by)
        record_security_event(SecurityEventKind.WALK_CHECKED, officer=by, booking_id=booking.pk, change=asked.how)


def _record_no(asked: Asked, bookings: Collection[Booking], *, by: Officer, has_right_words: bool) -> None:
    """Write one line, with the booking if its own reference was given with wrong words. A job tells its requester.

    A number is an officer's: a slip of the tongue must not worry each woman on her walks. Nor must she read of wrong
    words if the words were right and the check is closed, or the walk short.
    """
    is_about_booking = asked.reference and not has_right_words
    booking = next((booking.pk for booking in bookings), None) if is_about_booking else None
    change = f"{asked.how}{RIGHT_WORDS if has_right_words else ''}"
    record_security_event(SecurityEventKind.WALK_CHECK_FAILED, officer=by, booking_id=booking, change=change)


@transaction.atomic
def record_failed_check(line: SecurityEvent) -> None:
    """Record in the history of a booking that someone asked about it with the wrong words, once for each line."""
    booking = Booking(pk=line.booking_id)
    lock_booking(booking)
    kind, code = EventKind.WALK_CHECK_FAILED, str(line.pk)
    if not booking.events.filter(kind=kind, code=code).exists():
        record(kind, booking=booking, by=line.officer, code=code, at=line.at)


def walks_with_closed_check(at: datetime.datetime, now: datetime.datetime) -> list[Walk]:
    """Return the walks at this time whose limit of wrong words was reached on the day of the moment `at`."""
    walks = {_limit_of_walk(walk.pk): walk for walk in Walk.objects.with_officers_to_check(now).select_related("bcu")}
    return [walks[limit] for limit in RateCount.objects.find_reached(walks, now=at)] if walks else []


@transaction.atomic
def report_closed_check(walk: Walk, *, at: datetime.datetime) -> None:
    """Tell the team and the auditor that a walk's officers can't be checked any more, once for each day of the limit.

    Nobody learns from the operator's page that it is so. The team can ring: the officers, and the requester.
    """
    lock_walk(walk)
    kind, day = EventKind.WALK_CHECK_CLOSED, f"{window_start(DAY, at):%Y-%m-%d}"
    if walk.events.filter(kind=kind, code=day).exists():
        return
    event = record(kind, walk=walk, code=day)
    booking = bookings_on_walks([walk.pk]).order_by("pk").values_list("pk", flat=True).first()
    record_security_event(SecurityEventKind.WALK_CHECK_CLOSED, booking_id=booking)
    send_team_walk_check_closed(walk, event)
