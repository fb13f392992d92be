"""Which bookings: each question about many of them has its name here."""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, When
from django.db.models.functions import Coalesce, ExtractHour

from bookings.models.conditions import NEEDED_AT_CHOSEN_TIME, UNANSWERED
from bookings.models.contacts import BookingContact
from bookings.models.preferred_times import PreferredTime
from bookings.statuses import OPEN_STATUSES, Channel, Need, Status, TimeOfDay
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.walks import Assignment, Walk

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bookings.models.bookings import Booking

ALERT_PAST_AFTER = datetime.timedelta(hours=12)
REPEAT_REQUEST_PERIOD = datetime.timedelta(days=90)
QUEUE_ORDER = ("queue_at", "walk_needed_at")
DECRYPT_CHUNK_SIZE = 500


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """The bookings this person may know of. Anyone with no place here sees none."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            of_her_bcu = Q(bcu=user.bcu_id)
            return self.filter(of_her_bcu & Q(nominated_inspector=None) | ~of_her_bcu & Q(nominated_inspector=user))
        return self.none()

    def in_figures_for(self, user: "Officer | AnonymousUser") -> Self:
        """Those in the figures that this person may read: never what somebody keeps from a BCU, not even as a number.

        An inspector reads her BCU's, a lead all (docs/decisions/figures.md).
        """
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.LEAD:
            return self.filter(nominated_inspector=None)
        return self.visible_to(user).filter(nominated_inspector=None)

    def at_time_of_day(self, time: TimeOfDay) -> Self:
        """Those whose walk begins then; of those without one, whoever chose a time then."""
        first, last = time.hours
        chosen = PreferredTime.objects.filter(
            start__hour__gte=first,
            start__hour__lt=last,
            booking=OuterRef("pk"),
            round=OuterRef("preferred_times_round"),
        )
        given = Q(walk_hour__gte=first, walk_hour__lt=last)
        is_given = Q(status=Status.SCHEDULED)
        hour = ExtractHour("walk__start_at", tzinfo=london.LONDON)
        return self.alias(walk_hour=hour).filter(is_given & given | ~is_given & Exists(chosen))

    def awaiting_decision(self) -> Self:
        return self.filter(status__in=[Status.WAITING, Status.OFFERED])

    def expired_unconfirmed(self, now: datetime.datetime) -> Self:
        """Those that nobody said were hers for as long as we wait."""
        since = now - datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        return self.filter(status=Status.WAITING, confirmed_at=None, unconfirmed_since__lte=since)

    def with_all_times_passed(self, now: datetime.datetime) -> Self:
        """Those to apologise to, once: they wait, and every time they chose has passed.

        docs/rules.md#times-that-passed-unanswered
        """
        local = london.local(now)
        still_to_come = Q(date__gt=local.date()) | Q(date=local.date(), start__gt=local.time())
        preferred_times = PreferredTime.objects.filter(
            still_to_come, booking=OuterRef("pk"), round=OuterRef("preferred_times_round")
        )
        waiting = self.filter(
            NEEDED_AT_CHOSEN_TIME, status=Status.WAITING, times_passed_at=None, walk_needed_at__lte=now
        )
        return waiting.exclude(Exists(preferred_times))

    def answer_due_by(self, until: datetime.datetime) -> Self:
        """Those whom we owe an answer by then, or have owed one for longer; the most pressing first."""
        return self.filter(UNANSWERED, answer_due_at__lte=until).order_by("answer_due_at", "pk")

    def due_for_erasure(self, now: datetime.datetime) -> Self:
        """Those that ended as long ago as we keep what is personal in them."""
        since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        ended = Max("events__at", filter=Q(events__to_status=F("status")))
        kept = self.filter(erased_at=None).exclude(status__in=OPEN_STATUSES)
        # History is deleted after years: who has none left ended long ago.
        return kept.annotate(ended_at=Coalesce(ended, "asked_at")).filter(ended_at__lte=since)

    def open_too_long(self, now: datetime.datetime) -> Self:
        """Those whose day is as long ago, and which nobody has closed. Until then nothing of them is forgotten."""
        since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        return self.filter(status__in=OPEN_STATUSES).filter(walk_needed_at__lte=since).exclude(walk__start_at__gt=since)

    def with_departed_nominated_inspector(self) -> Self:
        """Those kept from a BCU whose nominated inspector can decide no longer: nobody sees them now."""
        has_left = (
            ~Q(nominated_inspector__role=Officer.Role.INSPECTOR)
            | Q(nominated_inspector__is_active=False)
            | Q(nominated_inspector__bcu=F("bcu"))
        )
        return self.filter(has_left, nominated_inspector__isnull=False, erased_at=None)

    def with_expired_offers(self, now: datetime.datetime) -> Self:
        """Those that still wait for her answer to an offer, after its time."""
        return self.filter(status=Status.OFFERED, offers__answer="", offers__expires_at__lte=now).distinct()

    def request_counts_by_email(self, email_hmacs: Collection[str], now: datetime.datetime) -> dict[str, int]:
        """How often each of these addresses asked lately, in one query, as far as whoever looks may know."""
        lately = self.filter(contact__email_hmac__in=set(email_hmacs) - {""}, asked_at__gt=now - REPEAT_REQUEST_PERIOD)
        return dict(lately.values_list("contact__email_hmac").annotate(Count("pk")))

    def emailable(self) -> Self:
        return self.filter(contact__messages_stopped_at=None).exclude(channel=Channel.NONE)

    def for_alerts(self, now: datetime.datetime) -> Self:
        """Those whose walk is to come, or was a few hours ago, before older ones; then the soonest first."""
        is_past = Case(
            When(walk_needed_at__lt=now - ALERT_PAST_AFTER, then=True), default=False, output_field=BooleanField()
        )
        return (
            self.select_related("contact", "walk", "acknowledgement")
            .annotate(is_past=is_past)
            .order_by("is_past", "walk_needed_at", "pk")
        )

    def for_queue_page(self) -> Self:
        """Whoever's turn it is comes first (`Booking.queue_at`), and of one turn the soonest walk.

        Rows that are shown: `prefetch_for_queue`.
        """
        related = self.select_related(
            "bcu",
            "nominated_inspector__bcu",
            "borough",
            "ward",
            "contact",
            "walk__bcu",
            "claim__officer",
            "acknowledgement",
            "response_target",
            "safeguarding_flag",
        )
        return related.order_by(*QUEUE_ORDER, "pk")

    def with_needs(self, fit: Callable[[list[Need]], bool]) -> Iterator[uuid.UUID]:
        """Those with such needs, in the order of these rows. Nothing else of her is opened.

        Needs are encrypted, so PostgreSQL cannot look for them (docs/decisions/needs-in-the-queue.md).
        """
        sealed = self.select_related(None).values_list("pk", "contact__needs", "contact__needs_details")
        for pk, needs, details in sealed.iterator(chunk_size=DECRYPT_CHUNK_SIZE):
            if fit(BookingContact(pk, needs=needs, needs_details=details).needs_to_arrange()):
                yield pk

    def for_decision(self) -> Self:
        """With what a form asks about her, and without her history.

        Few have a nominated inspector, and all would pay for that join.
        """
        related = self.select_related("bcu", "borough", "ward", "contact", "response_target")
        return related.prefetch_related("preferred_times", "adjustments")

    def for_detail_page(self) -> Self:
        """All of one booking. What few bookings have is fetched apart: planning every join takes longer than that."""
        related = self.select_related(
            "bcu", "borough", "ward", "contact", "walk__bcu", "acknowledgement", "response_target"
        )
        seldom = related.prefetch_related(
            "nominated_inspector__bcu", "claim__officer", "safeguarding_flag__by", "origin"
        )
        return seldom.prefetch_related("preferred_times", "adjustments", "walk__assignments__officer", "events__by")


def prefetch_for_queue(rows: "list[Booking]", *, more_walks: Sequence[Walk]) -> None:
    """What else the queue says of these rows, and the officers of the walks that stand above it."""
    models.prefetch_related_objects(rows, "preferred_times", "offers")
    walks = [booking.walk for booking in rows if booking.walk is not None]
    with_officers = Prefetch("assignments", Assignment.objects.select_related("officer"))
    models.prefetch_related_objects([*walks, *more_walks], with_officers)
