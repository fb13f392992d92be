"""Work that the clock starts. Each job picks rows and calls an action for each; running it twice does no harm."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from bookings import actions, emails
from bookings.emails.team import NEW_REQUEST, team_knows_of
from bookings.emails.threads import TONIGHT
from bookings.models import Booking, Draft, Event, LinkRequest, RateCount, ReadLog, Walk, to_go_to
from bookings.models.walks import STILL_OPEN, WalkQuerySet
from bookings.promise import at_risk_until
from bookings.reminders import to_ask_whether_her, to_remind_of_walk, walks_tonight
from bookings.statuses import EventKind, Status
from bookings.untold import undelivered_to_her
from boroughs.models import Officer
from outbox.jobs import for_each
from outbox.models import Message, MessageQuerySet
from walkandtalk.lib import london

# A task has 45 seconds; the rest is for the next hour.
BATCH = 500
TELL_WITHIN = datetime.timedelta(days=1)
LINK_EVERY = datetime.timedelta(minutes=10)
COUNTS_KEPT_FOR = datetime.timedelta(days=1)
KEEP_LISTS = datetime.timedelta(days=7)


def forget_drafts(now: datetime.datetime) -> None:
    """Answers that were not sent live for 60 minutes."""
    Draft.objects.filter(expires_at__lte=now).delete()
    RateCount.objects.filter(window__lte=now - COUNTS_KEPT_FOR).delete()


def expire_unconfirmed_bookings(now: datetime.datetime) -> None:
    rows = Booking.objects.never_confirmed(now).order_by("pk")[:BATCH]
    for_each(rows, lambda booking: actions.expire_booking(booking, now=now))


def ask_whether_her(now: datetime.datetime) -> None:
    """Those who have not said that it was them, after an hour and after a day."""
    rows = to_ask_whether_her(now).order_by("unconfirmed_since", "pk")[:BATCH]
    for_each(rows, lambda booking: actions.ask_whether_her(booking, now=now))


def remind_of_walks(now: datetime.datetime) -> None:
    """Of a walk tomorrow, from 10am, and of one in two hours."""
    for_each(to_remind_of_walk(now)[:BATCH], lambda booking: actions.remind_of_walk(booking, now=now))


def list_tonight(now: datetime.datetime) -> None:
    """To each officer her own walks until 3pm tomorrow, from 3pm on."""
    walking = Officer.objects.filter(
        assignments__walk__in=walks_tonight(now), assignments__is_live=True, is_active=True
    )
    officers = {emails.tonight_key(officer.pk, now): officer for officer in walking.distinct().order_by("pk")}
    listed = set(Message.objects.filter(dedupe_key__in=officers).values_list("dedupe_key", flat=True))
    to_list = [officer for key, officer in officers.items() if key not in listed]
    for_each(to_list[:BATCH], lambda officer: actions.list_tonight(officer, now=now))


def tell_teams_of_requests(now: datetime.datetime) -> None:
    """Of those who asked since yesterday and still wait, unless one of us asked for her."""
    before, after = NEW_REQUEST
    key = Concat(Value(before), Cast(OuterRef("pk"), CharField()), Value(after), output_field=CharField())
    told = Message.objects.filter(dedupe_key=key)
    by_us = Event.objects.filter(booking=OuterRef("pk"), kind=EventKind.REQUESTED, by__isnull=False)
    waiting = Booking.objects.filter(status=Status.WAITING, choices_passed_at=None, asked_at__gt=now - TELL_WITHIN)
    new = waiting.filter(~Exists(told), ~Exists(by_us)).select_related("bcu", "borough", "handler")
    for_each(new.order_by("needed_at", "pk")[:BATCH], actions.tell_team_of_request)


def pass_on_restricted_bookings(now: datetime.datetime) -> None:
    """What nobody sees any more, because its handler has left, goes to another."""
    for_each(Booking.objects.whose_handler_has_left().order_by("needed_at", "pk")[:BATCH], actions.pass_on_booking)


def alert_of_tonight(now: datetime.datetime) -> None:
    """Walks that nobody has ended, and places that somebody has to go to."""
    twice = Event.objects.filter(walk=OuterRef("pk"), kind=EventKind.NOT_ENDED, code="second")
    for_each(Walk.objects.not_ended_safely(now).filter(~Exists(twice)).order_by("pk")[:BATCH], actions.alert_not_ended)
    told = Event.objects.filter(booking=OuterRef("pk"), kind=EventKind.GO_THERE)
    for_each(Booking.objects.filter(~Exists(told), to_go_to(now)).order_by("pk")[:BATCH], actions.alert_go_there)


def escalate_answers(now: datetime.datetime) -> None:
    """Answers that we may give too late, and those that we have not given in time."""
    owed = Booking.objects.to_answer_by(at_risk_until(now)).select_related("bcu", "handler", "contact")
    late = Q(answer_due_at__lte=now)
    told = Q(late_told_for=F("answer_due_at")) | ~late & Q(at_risk_told_for=F("answer_due_at"))
    for_each(owed.exclude(told)[:BATCH], lambda booking: actions.escalate_answer(booking, now=now))


def close_walks(now: datetime.datetime) -> None:
    """Whom nobody is left on, once its time is over."""
    for_each(Walk.objects.nobody_is_left_on(now).order_by("pk")[:BATCH], actions.close_walk)


def lapse_offers(now: datetime.datetime) -> None:
    """Offers that she did not answer in time: it is our turn again."""
    for_each(Booking.objects.with_offers_run_out(now).order_by("pk")[:BATCH], actions.lapse_offers)


def release_walks(now: datetime.datetime) -> None:
    """Walks on which a place was offered, and nobody said yes."""
    for_each(Walk.objects.nobody_has_said_yes_to(now).order_by("pk")[:BATCH], actions.release_walk)


def apologise_for_no_answer(now: datetime.datetime) -> None:
    """To those for whom every time that they chose has passed."""
    unanswered = Booking.objects.unanswered_for_too_long(now).order_by("needed_at", "pk")[:BATCH]
    for_each(unanswered, lambda booking: actions.apologise(booking, now=now))


def forget_contacts(now: datetime.datetime) -> None:
    """Who she is, once her request has been over for as long as the privacy page says."""
    for_each(Booking.objects.to_forget(now).order_by("pk")[:BATCH], actions.forget_booking)
    for_each(old_walks(now).order_by("pk")[:BATCH], actions.forget_walk)


def old_walks(now: datetime.datetime) -> WalkQuerySet:
    """Those over for as long, which nobody leads to any more: cut short before another of hers, or nobody's."""
    since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
    kept = Booking.objects.filter(Q(walk=OuterRef("pk")) | Q(cut_short_walk=OuterRef("pk")), forgotten_at=None)
    over = Walk.objects.filter(forgotten_at=None, start_at__lte=since).exclude(status__in=STILL_OPEN)
    return over.filter(~Exists(kept))


def forget_history(now: datetime.datetime) -> None:
    """Who did and who read what, years later. And what officers were told of an evening's walks, a week later."""
    old_events(now).delete()
    old_reads(now).delete()
    old_lists(now).delete()


def old_events(now: datetime.datetime) -> QuerySet[Event]:
    return Event.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def old_reads(now: datetime.datetime) -> QuerySet[ReadLog]:
    return ReadLog.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def old_lists(now: datetime.datetime) -> MessageQuerySet:
    """They say where women were met, and belong to no one walk with which they would be forgotten."""
    return Message.objects.filter(kind=TONIGHT, expires_at__lte=now - KEEP_LISTS)


def report_undelivered(now: datetime.datetime) -> None:
    """Tell the team whose message did not arrive, once for each message."""
    undelivered = undelivered_to_her(now)
    bookings = Booking.objects.filter(pk__in=undelivered, forgotten_at=None).select_related("bcu", "handler", "walk")
    for_each(bookings, lambda booking: _report(booking, undelivered[booking.pk]))


@transaction.atomic
def _report(booking: Booking, message: Message) -> None:
    if not team_knows_of(booking, message):
        emails.team_not_delivered(booking, message)


def send_links_again(now: datetime.datetime) -> None:
    """Answer those who asked for their link: only here is it known whether there is anything to send."""
    asked = LinkRequest.objects.filter(asked_at__lte=now).order_by("asked_at")[:BATCH]
    for_each(asked, lambda request: _answer_link_request(request, now))


@transaction.atomic
def _answer_link_request(request: LinkRequest, now: datetime.datetime) -> None:
    held = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=request.pk).first()
    if held is None:
        return
    held.delete()
    booking = Booking.objects.filter(reference=request.reference).select_related("contact", "bcu").first()
    if booking is not None and not _was_sent_lately(booking, now):
        actions.send_link_again(booking, request_id=str(request.pk))


def _was_sent_lately(booking: Booking, now: datetime.datetime) -> bool:
    """One link is enough: somebody who has seen her reference must not be able to fill her inbox."""
    messages = Message.objects.in_thread(emails.her_thread(booking))
    return messages.filter(kind="link", created_at__gt=now - LINK_EVERY).exists()
