"""The queryset of bookings. Each selection that pages and jobs use has a name here."""

import datetime
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, ExtractHour, NullIf

from bookings.models.claims import Claim
from bookings.models.conditions import ENTERED_AT, KEPT, NEEDED_AT_CHOSEN_TIME, STATUS_IS_OPEN, UNANSWERED
from bookings.models.contacts import BookingContact
from bookings.models.legal_holds import LegalHold
from bookings.models.preferred_times import PreferredTime
from bookings.models.team_messages import TeamMessage
from bookings.statuses import OPEN_STATUSES, Channel, Need, Status, TimeOfDay
from boroughs.models.officers import Officer, is_auditor
from walkandtalk.lib import london
from walkandtalk.lib.counting import CountUpTo
from walkandtalk.lib.keys.index_keys import index_keys
from walkandtalk.lib.reading import untracked
from walks.models.walks import Assignment, Walk, officers_on

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bookings.models.bookings import Booking

ALERT_PAST_AFTER = datetime.timedelta(hours=12)
REPEAT_REQUEST_PERIOD = datetime.timedelta(days=90)
QUEUE_ORDER = ("queue_at", "walk_needed_at")
DECRYPT_CHUNK_SIZE = 500


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the bookings that the user may see. Only inspectors see any.

        A booking whose requester asked us to delete her details is hidden at once, and stays hidden.
        """
        return self._in_charge_of(user).filter(erasure_due_at=None)

    def _in_charge_of(self, user: "Officer | AnonymousUser") -> Self:
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            of_her_bcu = Q(bcu=user.bcu_id)
            return self.filter(of_her_bcu & Q(nominated_inspector=None) | ~of_her_bcu & Q(nominated_inspector=user))
        return self.none()

    def in_figures_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return the bookings counted in the user's figures: those of an inspector's BCU, or all for a lead.

        Restricted bookings are never counted (docs/decisions/figures.md).
        """
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.LEAD:
            return self.filter(nominated_inspector=None)
        return self._in_charge_of(user).filter(nominated_inspector=None)

    def in_audit_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return the bookings whose references the user may find: all of them for an auditor, none otherwise.

        An auditor reads nothing else of a booking.
        """
        return self.all() if is_auditor(user) else self.none()

    def at_time_of_day(self, time: TimeOfDay) -> Self:
        """Return bookings with a walk at that time of day or, if they have no walk yet, a preferred time then."""
        start_hour, end_hour = time.hours
        asked_for_then = PreferredTime.objects.filter(
            start__hour__gte=start_hour,
            start__hour__lt=end_hour,
            booking=OuterRef("pk"),
            round=OuterRef("preferred_times_round"),
        )
        begins_then = Q(walk_hour__gte=start_hour, walk_hour__lt=end_hour)
        is_scheduled = Q(status=Status.SCHEDULED)
        hour = ExtractHour("walk__start_at", tzinfo=london.LONDON)
        return self.alias(walk_hour=hour).filter(is_scheduled & begins_then | ~is_scheduled & Exists(asked_for_then))

    def entered_after(self, moment: datetime.datetime) -> Self:
        """Return bookings that were requested or confirmed after this moment."""
        return self.alias(entered_at=ENTERED_AT).filter(entered_at__gt=moment)

    def awaiting_decision(self) -> Self:
        return self.filter(status__in=[Status.WAITING, Status.OFFERED])

    def expired_unconfirmed(self, now: datetime.datetime) -> Self:
        """Return waiting bookings that nobody confirmed within `KEEP_UNCONFIRMED_DAYS`."""
        since = now - datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
        return self.filter(status=Status.WAITING, confirmed_at=None, unconfirmed_since__lte=since, frozen_at=None)

    def with_all_times_passed(self, now: datetime.datetime) -> Self:
        """Return waiting bookings whose preferred times have all passed, and for which we have not apologised yet.

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
        """Return bookings whose answer is due by `until` or already late, the most urgent first."""
        return self.filter(UNANSWERED, answer_due_at__lte=until).order_by("answer_due_at", "pk")

    def due_for_erasure(self, now: datetime.datetime) -> Self:
        """Return bookings that ended at least `KEEP_ENDED_DAYS` ago and still hold personal details."""
        since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        ended = Max("events__at", filter=Q(events__to_status=F("status")))
        not_erased = self.not_held(now).filter(KEPT).exclude(status__in=OPEN_STATUSES)
        # Events are deleted after some years, so a booking without them ended long ago.
        return not_erased.annotate(ended_at=Coalesce(ended, "asked_at")).filter(ended_at__lte=since)

    def awaiting_erasure(self, now: datetime.datetime) -> Self:
        """Return bookings that the requester asked us to erase a day ago, and that no legal hold keeps."""
        return self.not_held(now).filter(erased_at=None, erasure_due_at__lte=now)

    def not_held(self, now: datetime.datetime) -> Self:
        """Leave out bookings that a legal hold keeps from being erased (docs/rules.md#legal-hold)."""
        return self.exclude(Exists(LegalHold.objects.active(now).filter(booking=OuterRef("pk"))))

    def open_too_long(self, now: datetime.datetime) -> Self:
        """Return bookings still open `KEEP_ENDED_DAYS` after their day. They are not erased until they are closed."""
        since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        return self.filter(status__in=OPEN_STATUSES).filter(walk_needed_at__lte=since).exclude(walk__start_at__gt=since)

    def decided_on_by(self, nominated_inspector: Officer) -> Self:
        """Return restricted bookings that this inspector decides on, open or not."""
        return self.filter(KEPT, nominated_inspector=nominated_inspector)

    def with_departed_nominated_inspector(self) -> Self:
        """Return restricted bookings that nobody can see, because their nominated inspector may no longer decide."""
        has_left = (
            ~Q(nominated_inspector__role=Officer.Role.INSPECTOR)
            | Q(nominated_inspector__is_active=False)
            | Q(nominated_inspector__bcu=F("bcu"))
        )
        return self.filter(KEPT, has_left, nominated_inspector__isnull=False)

    def with_expired_offers(self, now: datetime.datetime) -> Self:
        """Return bookings with an offer that the requester did not answer in time."""
        return self.filter(status=Status.OFFERED, offers__answer="", offers__expires_at__lte=now).distinct()

    def with_request_counts(self, user: Officer, now: datetime.datetime) -> Self:
        """Add `request_count`: how many bookings came from the same email address in the last 90 days.

        Only bookings that the user may see count, so that the number reveals no other.
        """
        recent = self.model.objects.visible_to(user).filter(asked_at__gt=now - REPEAT_REQUEST_PERIOD)
        same_address = Q(contact__email_hmac=OuterRef("contact__email_hmac"))
        if len(index_keys()) > 1:  # then a row of before and one of after have one hash in common
            older = NullIf(OuterRef("contact__older_email_hmac"), Value(""))
            same_address |= Q(contact__email_hmac=older)
            same_address |= Q(contact__older_email_hmac=OuterRef("contact__email_hmac"))
        with_same_address = recent.filter(same_address, contact__email_hmac__gt="")  # some have no address
        return self.annotate(request_count=CountUpTo(with_same_address))

    def emailable(self) -> Self:
        return self.filter(KEPT, frozen_at=None, contact__messages_stopped_at=None).exclude(channel=Channel.NONE)

    def for_alerts(self, now: datetime.datetime) -> Self:
        """Order by when the walk is needed, with walks more than twelve hours ago last."""
        is_past = Case(
            When(walk_needed_at__lt=now - ALERT_PAST_AFTER, then=True), default=False, output_field=BooleanField()
        )
        return (
            self.select_related("contact", "walk", "acknowledgement", "ward")
            .annotate(is_past=is_past)
            .order_by("is_past", "walk_needed_at", "pk")
        )

    def known_to(self, user: Officer) -> Self:
        """Add `is_known`: whether the booking is assigned to the user, or she is on its walk.

        docs/rules.md#need-to-know
        """
        claimed = Claim.objects.filter(booking=OuterRef("pk"), officer=user)
        on_walk = Assignment.objects.filter(walk=OuterRef("walk"), officer=user, is_live=True)
        return self.annotate(is_known=Exists(claimed) | Exists(on_walk))

    def assigned_to(self, user: Officer) -> Self:
        """Return the user's open bookings in the order of the queue, with what a short row shows."""
        rows = self.filter(STATUS_IS_OPEN, claim__officer=user).known_to(user)
        related = rows.select_related("contact", "ward", "walk", "response_target", "acknowledgement")
        return related.order_by(*QUEUE_ORDER, "pk")

    def with_unread_team_message(self) -> Self:
        """Add `unread_team_message_at`: when the oldest unread message was sent, or None."""
        unread = TeamMessage.objects.unread().filter(booking=OuterRef("pk")).in_order()
        return self.annotate(unread_team_message_at=Subquery(unread.values("at")[:1]))

    def for_queue_page(self) -> Self:
        """Order the queue: the most urgent first (`Booking.queue_at`), then the soonest walk.

        `prefetch_for_queue` fetches the rest for the rows of one page.
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
        """Yield the ids of bookings whose needs fit, in the order of this queryset. Only the needs are decrypted.

        Needs are encrypted, so PostgreSQL cannot search them (docs/decisions/needs-in-the-queue.md).
        """
        sealed = self.select_related(None).values_list("pk", "contact__needs", "contact__needs_details")
        for pk, needs, details in sealed.iterator(chunk_size=DECRYPT_CHUNK_SIZE):
            with untracked():
                fits = fit(BookingContact(pk, needs=needs, needs_details=details).needs_to_arrange())
            if fits:
                yield pk

    def for_decision(self) -> Self:
        """Fetch what a decision form needs about the requester, without her history.

        Nominated inspectors are not joined, because few bookings have one and every query would pay for the join.
        """
        related = self.select_related(
            "bcu", "borough", "ward", "contact", "response_target", "acknowledgement", "safeguarding_flag"
        )
        return related.prefetch_related("preferred_times", "adjustments")

    def for_request_frame(self) -> Self:
        """Fetch what stands beside every decision: the request, whom it is assigned to, and its walk."""
        related = self.select_related(
            "bcu",
            "borough",
            "ward",
            "contact",
            "walk__bcu",
            "acknowledgement",
            "response_target",
            "claim__officer",
            "safeguarding_flag__by",
        )
        # Few bookings have a nominated inspector, so every query would pay for the join.
        return related.prefetch_related(
            "nominated_inspector__bcu", "preferred_times", "adjustments", officers_on("walk__assignments")
        )

    def for_detail_page(self) -> Self:
        """Fetch everything about one booking.

        Rows that few bookings have are fetched separately, because planning those joins takes longer.
        """
        related = self.select_related(
            "bcu", "borough", "ward", "contact", "walk__bcu", "acknowledgement", "response_target"
        )
        with_rare_rows = related.prefetch_related("nominated_inspector__bcu", "claim__officer", "safeguarding_flag__by")
        return with_rare_rows.prefetch_related(
            "preferred_times", "adjustments", officers_on("walk__assignments"), "events__by", "events__approved_by"
        )


def prefetch_for_queue(rows: "list[Booking]", *, more_walks: Sequence[Walk]) -> None:
    """Fetch what else the queue shows for these rows, and the officers of the walks listed above it (`more_walks`)."""
    models.prefetch_related_objects(rows, "preferred_times", "offers")
    walks = [booking.walk for booking in rows if booking.walk is not None]
    models.prefetch_related_objects([*walks, *more_walks], officers_on("assignments"))
