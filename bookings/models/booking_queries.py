"""Which bookings: each question about many of them has its name here."""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, When
from django.db.models.functions import Coalesce, ExtractHour

from bookings.models.conditions import HAS_CHOSEN, UNANSWERED
from bookings.models.contacts import BookingContact
from bookings.models.preferred_times import Wish
from bookings.statuses import OPEN, Channel, Need, Status, TimeOfDay
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.walks import Assignment, Walk

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bookings.models.bookings import Booking

PAST_AFTER = datetime.timedelta(hours=12)
REPEATS_COUNT_FOR = datetime.timedelta(days=90)
QUEUE_ORDER = ("turn_at", "needed_at")
OPENED_AT_ONCE = 500


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """The bookings this person may know of. Anyone with no place here sees none."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            of_her_bcu = Q(bcu=user.bcu_id)
            return self.filter(of_her_bcu & Q(handler=None) | ~of_her_bcu & Q(handler=user))
        return self.none()

    def counted_for(self, user: "Officer | AnonymousUser") -> Self:
        """Those in the figures that this person may read: never what somebody keeps from a BCU, not even as a number.

        An inspector reads her BCU's, a lead all (docs/decisions/figures.md).
        """
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.LEAD:
            return self.filter(handler=None)
        return self.visible_to(user).filter(handler=None)

    def at_time_of_day(self, time: TimeOfDay) -> Self:
        """Those whose walk begins then; of those without one, whoever chose a time then."""
        first, last = time.hours
        chosen = Wish.objects.filter(
            start__hour__gte=first, start__hour__lt=last, booking=OuterRef("pk"), round=OuterRef("wish_round")
        )
        given = Q(walk_hour__gte=first, walk_hour__lt=last)
        is_given = Q(status=Status.SCHEDULED)
        hour = ExtractHour("walk__start_at", tzinfo=london.LONDON)
        return self.alias(walk_hour=hour).filter(is_given & given | ~is_given & Exists(chosen))

    def awaiting_decision(self) -> Self:
        return self.filter(status__in=[Status.WAITING, Status.OFFERED])

    def never_confirmed(self, now: datetime.datetime) -> Self:
        """Those that nobody said were hers for as long as we wait."""
        since = now - datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        return self.filter(status=Status.WAITING, confirmed_at=None, unconfirmed_since__lte=since)

    def unanswered_for_too_long(self, now: datetime.datetime) -> Self:
        """Those to apologise to, once: they wait, and every time they chose has passed.

        docs/rules.md#times-that-passed-unanswered
        """
        local = london.local(now)
        still_to_come = Q(date__gt=local.date()) | Q(date=local.date(), start__gt=local.time())
        wishes = Wish.objects.filter(still_to_come, booking=OuterRef("pk"), round=OuterRef("wish_round"))
        waiting = self.filter(HAS_CHOSEN, status=Status.WAITING, choices_passed_at=None, needed_at__lte=now)
        return waiting.exclude(Exists(wishes))

    def to_answer_by(self, until: datetime.datetime) -> Self:
        """Those whom we owe an answer by then, or have owed one for longer; the most pressing first."""
        return self.filter(UNANSWERED, answer_due_at__lte=until).order_by("answer_due_at", "pk")

    def to_forget(self, now: datetime.datetime) -> Self:
        """Those that ended as long ago as we keep what is personal in them."""
        since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        ended = Max("events__at", filter=Q(events__to_status=F("status")))
        kept = self.filter(forgotten_at=None).exclude(status__in=OPEN)
        # History is deleted after years: who has none left ended long ago.
        return kept.annotate(ended_at=Coalesce(ended, "asked_at")).filter(ended_at__lte=since)

    def open_too_long(self, now: datetime.datetime) -> Self:
        """Those whose day is as long ago, and which nobody has closed. Until then nothing of them is forgotten."""
        since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        return self.filter(status__in=OPEN).filter(needed_at__lte=since).exclude(walk__start_at__gt=since)

    def whose_handler_has_left(self) -> Self:
        """Those kept from the BCU of their place whose handler can decide no longer: nobody sees them now."""
        has_left = ~Q(handler__role=Officer.Role.INSPECTOR) | Q(handler__is_active=False) | Q(handler__bcu=F("bcu"))
        return self.filter(has_left, handler__isnull=False, forgotten_at=None)

    def with_offers_run_out(self, now: datetime.datetime) -> Self:
        """Those that still wait for her answer to an offer, after its time."""
        return self.filter(status=Status.OFFERED, offers__answer="", offers__expires_at__lte=now).distinct()

    def asked_with(self, email_hmacs: Collection[str], now: datetime.datetime) -> dict[str, int]:
        """How often each of these addresses asked lately, in one query, as far as whoever looks may know."""
        lately = self.filter(contact__email_hmac__in=set(email_hmacs) - {""}, asked_at__gt=now - REPEATS_COUNT_FOR)
        return dict(lately.values_list("contact__email_hmac").annotate(Count("pk")))

    def written_to(self) -> Self:
        return self.filter(stopped_at=None).exclude(channel=Channel.NONE)

    def for_alerts(self, now: datetime.datetime) -> Self:
        """Those whose walk is to come, or was a few hours ago, before older ones; then the soonest first."""
        is_past = Case(When(needed_at__lt=now - PAST_AFTER, then=True), default=False, output_field=BooleanField())
        return self.select_related("contact", "walk").annotate(is_past=is_past).order_by("is_past", "needed_at", "pk")

    def for_queue_page(self) -> Self:
        """Whoever's turn it is comes first (`Booking.turn_at`), and of one turn the soonest walk.

        Rows that are shown: `fetch_for_queue`.
        """
        related = self.select_related("bcu", "handler__bcu", "borough", "ward", "contact", "walk__bcu", "taken_by")
        return related.order_by(*QUEUE_ORDER, "pk")

    def whose_needs(self, fit: Callable[[list[Need]], bool]) -> Iterator[uuid.UUID]:
        """Those with such needs, in the order of these rows. Nothing else of her is opened.

        Needs are encrypted, so PostgreSQL cannot look for them (docs/decisions/needs-in-the-queue.md).
        """
        sealed = self.select_related(None).values_list("pk", "contact__needs", "contact__needs_details")
        for pk, needs, details in sealed.iterator(chunk_size=OPENED_AT_ONCE):
            if fit(BookingContact(pk, needs=needs, needs_details=details).needs_to_arrange()):
                yield pk

    def for_decision(self) -> Self:
        """With what a form asks about her, and without her history. Few have a handler: all would pay for its join."""
        related = self.select_related("bcu", "borough", "ward", "contact")
        return related.prefetch_related("wishes", "arrangements")

    def for_detail_page(self) -> Self:
        """All of one booking. What few bookings have is fetched apart: planning every join takes longer than that."""
        related = self.select_related("bcu", "borough", "ward", "contact", "walk__bcu")
        seldom = related.prefetch_related("handler__bcu", "taken_by", "safeguarding_by")
        return seldom.prefetch_related("wishes", "arrangements", "walk__assignments__officer", "events__by")


def fetch_for_queue(rows: "list[Booking]", *, more_walks: Sequence[Walk]) -> None:
    """What else the queue says of these rows, and the officers of the walks that stand above it."""
    models.prefetch_related_objects(rows, "wishes", "offers")
    walks = [booking.walk for booking in rows if booking.walk is not None]
    with_officers = Prefetch("assignments", Assignment.objects.select_related("officer"))
    models.prefetch_related_objects([*walks, *more_walks], with_officers)
