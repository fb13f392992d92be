"""Work that the clock starts. Each job picks rows and calls an action for each; running it twice does no harm."""

import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from bookings.models import Booking
from bookings.statuses import Status
from feedback import actions
from feedback.models import Concern, ConcernEvent, Invitation, WalkNote
from outbox.jobs import for_each
from walkandtalk.lib import london

# A task has 45 seconds; the rest is for the next hour.
BATCH = 500
ASK_FROM = datetime.time(9)
ASK_WITHIN = datetime.timedelta(days=14)


def invite_after_walks(now: datetime.datetime) -> None:
    """From 9am on the day after her walk, for two weeks: later she would wonder what we want."""
    if london.local(now).time() < ASK_FROM:
        return
    midnight = london.to_instant(london.local(now).date(), datetime.time(0))
    walked = Booking.objects.filter(walk__ended_at__gte=now - ASK_WITHIN, walk__ended_at__lt=midnight)
    to_ask = walked.filter(~Exists(Invitation.objects.filter(booking=OuterRef("pk"))), status=Status.COMPLETED)
    rows = to_ask.written_to().select_related("contact", "bcu").order_by("pk")
    for_each(rows[:BATCH], lambda booking: _invite(booking, now))


def _invite(booking: Booking, now: datetime.datetime) -> None:
    actions.invite_to_tell_us(booking, now=now)


def pass_on_concerns(now: datetime.datetime) -> None:
    """They follow their booking to its handler."""
    apart = Concern.objects.filter(handler__isnull=False).exclude(handler=F("report__booking__handler"))
    for_each(apart.order_by("pk")[:BATCH], actions.pass_on_concern)


def forget_concerns(now: datetime.datetime) -> None:
    """What they said, years later, whatever state they are in."""
    for_each(Concern.objects.to_forget(now).order_by("pk")[:BATCH], actions.forget_concern)


def forget_walk_notes(now: datetime.datetime) -> None:
    """What officers noted of a walk goes with the details of whoever walked."""
    for_each(WalkNote.objects.to_forget().order_by("pk")[:BATCH], actions.forget_walk_note)


def forget_history(now: datetime.datetime) -> None:
    """Who did what to a concern, years later."""
    old_events(now).delete()


def old_events(now: datetime.datetime) -> QuerySet[ConcernEvent]:
    return ConcernEvent.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))
