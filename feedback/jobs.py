"""Work that the clock starts. Each job picks rows and calls an action for each; running it twice does no harm."""

import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bookings.models.bookings import Booking
from bookings.models.conditions import LEFT_WAITING
from bookings.statuses import Status
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.answers import actions as answers_actions
from feedback.concerns.actions import pass_on_concern
from feedback.digest import emails
from feedback.digest.actions import Inbox, send_digest
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.models.notes import Invitation, WalkNote
from feedback.reports.actions import invite_to_tell_us
from feedback.retention import forget_concern, forget_walk_note
from outbox.jobs import for_each
from outbox.models import Message
from walkandtalk.lib import london

# A task has 45 seconds; the rest is for the next hour.
BATCH = 500
ASK_FROM = datetime.time(9)
DIGEST_FROM, DIGEST_UNTIL = datetime.time(7, 30), datetime.time(12)
ASK_WITHIN = datetime.timedelta(days=14)


def invite_after_walks(now: datetime.datetime) -> None:
    """From 9am on the day after her walk, for two weeks: later she would wonder what we want."""
    if london.local(now).time() < ASK_FROM:
        return
    midnight = london.to_instant(london.local(now).date(), datetime.time(0))
    walked = Booking.objects.filter(walk__ended_at__gte=now - ASK_WITHIN, walk__ended_at__lt=midnight)
    to_ask = walked.filter(~Exists(Invitation.objects.filter(booking=OuterRef("pk"))), status=Status.COMPLETED)
    rows = to_ask.exclude(LEFT_WAITING).written_to().select_related("contact", "bcu").order_by("pk")
    for_each(rows[:BATCH], lambda booking: _invite(booking, now))


def _invite(booking: Booking, now: datetime.datetime) -> None:
    invite_to_tell_us(booking, now=now)


def ask_whether_better(now: datetime.datetime) -> None:
    """From 9am, those for whom something was done four weeks ago. After eight weeks nobody is asked any more."""
    if london.local(now).time() < ASK_FROM:
        return
    done = ConcernEvent.objects.to_ask_about(now).filter(concern__report__booking=OuterRef("pk"))
    rows = Booking.objects.filter(Exists(done), forgotten_at=None).written_to().order_by("pk")
    for_each(rows[:BATCH], lambda booking: answers_actions.ask_whether_better(booking, now=now))


def send_digests(now: datetime.datetime) -> None:
    """Each morning from 7:30 to midday: to each BCU, and to each inspector what she alone may know of."""
    if not DIGEST_FROM <= london.local(now).time() < DIGEST_UNTIL:
        return
    inboxes = {emails.digest_key(inbox.key, now): inbox for inbox in _inboxes()}
    written = set(Message.objects.filter(dedupe_key__in=inboxes).values_list("dedupe_key", flat=True))
    for key, inbox in inboxes.items():
        if key not in written:
            send_digest(inbox, now=now)


def _inboxes() -> list[Inbox]:
    bcus = BoroughCommandUnit.objects.order_by("code")
    teams = [Inbox(bcu.code, bcu.inbox, bcu.team_name, Q(bcu=bcu, handler=None)) for bcu in bcus]
    kept = Booking.objects.filter(handler__is_active=True, forgotten_at=None).values("handler")
    handlers = Officer.objects.filter(pk__in=kept).order_by("pk")
    hers = [Inbox(str(who.pk), who.email, "What you alone look after", Q(handler=who)) for who in handlers]
    return [*teams, *hers]


def pass_on_concerns(now: datetime.datetime) -> None:
    """They follow their booking to its handler."""
    apart = Concern.objects.filter(handler__isnull=False).exclude(handler=F("report__booking__handler"))
    for_each(apart.order_by("pk")[:BATCH], pass_on_concern)


def forget_concerns(now: datetime.datetime) -> None:
    """What they said, years later, whatever state they are in."""
    for_each(Concern.objects.to_forget(now).order_by("pk")[:BATCH], forget_concern)


def forget_walk_notes(now: datetime.datetime) -> None:
    """What officers noted of a walk goes with the details of whoever walked."""
    for_each(WalkNote.objects.to_forget().order_by("pk")[:BATCH], forget_walk_note)


def forget_history(now: datetime.datetime) -> None:
    """Who did what to a concern, years later."""
    old_events(now).delete()


def old_events(now: datetime.datetime) -> QuerySet[ConcernEvent]:
    return ConcernEvent.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))
