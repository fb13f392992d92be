"""Urgent items, at the top of the queue page."""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast

from bookings.models.approvals import Approval
from bookings.models.bookings import Booking
from bookings.models.conditions import (
    ALL_TIMES_PASSED,
    CANCELLATION_UNACKNOWLEDGED,
    CUT_SHORT_NOT_CONTACTED,
    FROZEN,
    NOBODY_CAME_NOT_CONTACTED,
    OPEN_SAFEGUARDING,
    TEAM_MESSAGE_UNREAD,
    UNANSWERED,
    needs_attendance,
)
from bookings.models.freezes import Freeze
from bookings.models.walk_queries import end_overdue
from bookings.response_targets import answers_at_risk_until, is_answer_due, response_target_tag
from boroughs.models.officers import Officer
from walkandtalk.lib.tokens import format_reference
from walks.models.walks import Walk

URGENT = (
    FROZEN,
    OPEN_SAFEGUARDING,
    NOBODY_CAME_NOT_CONTACTED,
    CUT_SHORT_NOT_CONTACTED,
    CANCELLATION_UNACKNOWLEDGED,
    ALL_TIMES_PASSED,
    TEAM_MESSAGE_UNREAD,
)
MAX_ROWS = 200  # for all kinds together, so high that no kind hides another


class Review(NamedTuple):
    """A booking of which this inspector reads no more than the reference."""

    kind: str
    """ "approval" if she can agree to a colleague's act, or "freeze" if another BCU reviews a booking of her team."""
    pk: str
    reference: str
    at: datetime.datetime

    @property
    def spoken_reference(self) -> str:
        return format_reference(self.reference)


def get_reviews(user: Officer, now: datetime.datetime) -> list[Review]:
    """Return the acts that wait for a second inspector, and the bookings under review, the oldest first. One query."""
    approvals = Approval.objects.visible_to(user).pending(now)
    freezes = Freeze.objects.visible_to(user)
    rows = approvals.values_list(Value("approval"), _as_text("pk"), "booking__reference", "requested_at").union(
        freezes.values_list(Value("freeze"), _as_text("pk"), "booking__reference", "at")
    )
    return sorted(map(Review._make, rows), key=lambda review: review.at)


def _as_text(field: str) -> Cast:
    return Cast(field, CharField())


def get_urgent_items(user: Officer, now: datetime.datetime, *, most: int) -> dict[str, list[Any]]:
    """Return the urgent items of each kind, at most `most` of each.

    One query reads the bookings of all kinds, because each kind is rare and no page is opened more often. Another query
    first finds their ids, each kind by its own index. With "or" between the kinds, which are in several tables, or with
    the union as a subquery, PostgreSQL would scan every booking ever made.
    """
    visible, at_risk = Booking.objects.visible_to(user), answers_at_risk_until(now)
    answers_due = UNANSWERED & Q(times_passed_at=None, answer_due_at__lte=at_risk)
    first, *others = (visible.filter(kind).values_list("pk", flat=True) for kind in (*URGENT, answers_due))
    rows = visible.filter(pk__in=list(first.union(*others))).for_alerts(now).known_to(user).with_unread_team_message()
    bookings = rows.select_related("cut_short_walk", "safeguarding_flag")[:MAX_ROWS]
    in_charge_of = Walk.objects.visible_to(user).decided_by(user)
    late = end_overdue(in_charge_of, now).order_by("start_at", "pk")

    def matching(is_of_kind: Callable[[Booking], bool]) -> list[Booking]:
        return [booking for booking in bookings if is_of_kind(booking)][:most]

    return {
        "frozen": matching(lambda booking: booking.frozen_at is not None),
        "safeguarding": matching(lambda booking: booking.has_open_safeguarding),
        "attendance_needed": matching(lambda booking: needs_attendance(booking, now)),
        "end_overdue": list(late[:most]),
        "team_messages": matching(lambda booking: booking.unread_team_message_at is not None),
        "cut_short": matching(lambda booking: booking.cut_short_not_contacted),
        "nobody_came": matching(lambda booking: booking.nobody_came_not_contacted),
        "unacknowledged": matching(lambda booking: booking.cancellation_unacknowledged),
        "answers_due": [
            (booking, response_target_tag(booking, now=now))
            for booking in matching(lambda booking: is_answer_due(booking, at_risk))
        ],
        "times_passed": matching(lambda booking: booking.have_all_times_passed),
    }
