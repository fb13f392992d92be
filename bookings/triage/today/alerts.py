"""Matters that need an inspector now: one row each, with when, what and one thing to do."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from bookings.models.booking_queries import ALERT_PAST_AFTER
from bookings.models.bookings import Booking
from bookings.models.walk_queries import with_open_question_counts
from bookings.notices.undelivered import DeliveryProblem, UndeliveredMessages, find_delivery_problems
from bookings.triage.today.urgent import Review, get_reviews, get_urgent_items
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.planning.duty_conflicts import Conflicts, DutyConflict, find_duty_conflicts

MOST_OF_A_KIND = 20
NOW_WITHIN = datetime.timedelta(hours=24)
"""A walk this near makes an alert red, because the requester may be on her way."""


@dataclass(frozen=True)
class Alert:
    """One row. Red rows (`is_now`) come first, then the soonest."""

    kind: str
    at: datetime.datetime
    when: str
    title: str
    about: str
    href: str
    """The page of its one action, or "" if there is nothing to do."""
    action: str = "Open"
    is_now: bool = False
    phone: str = ""
    """The duty number, where ringing it comes first."""
    shows_number: str = ""
    """The address to which one press posts, to see the requester's number."""
    is_past: bool = False


class Alerts:
    """The alerts of one inspector, and what the queue below them needs to know of walks."""

    def __init__(self, user: Officer, now: datetime.datetime) -> None:
        self.user, self.now = user, now
        self.visible = Booking.objects.visible_to(user).known_to(user)
        in_charge_of = Walk.objects.visible_to(user).decided_by(user)
        self.items = get_urgent_items(user, now, most=MOST_OF_A_KIND)
        self.walks = list(with_open_question_counts(in_charge_of.short_or_with_duty_entered(now)))

    @property
    def shown_walks(self) -> list[Walk]:
        """The walks whose officers the rows name. Fetch them before reading the rows."""
        return [*self.items["end_overdue"], *self.walks]

    @cached_property
    def conflicts(self) -> Conflicts:
        return find_duty_conflicts(walk for walk in self.walks if walk.has_duty_entered)

    def rows(self, undelivered: UndeliveredMessages | None = None) -> list[Alert]:
        """Return the rows, at most 20 of each kind."""
        problems = find_delivery_problems(self.visible, self.now, most=MOST_OF_A_KIND, undelivered=undelivered)
        rows = [
            *self._about_bookings(),
            *(self._not_ended(walk) for walk in self.items["end_overdue"]),
            *self._too_few_officers(),
            *(self._off_duty(each) for conflicts in self.conflicts.values() for each in conflicts[:MOST_OF_A_KIND]),
            *(self._not_told(problem) for problem in problems),
            *self._answers_due(),
        ]
        return _in_order(rows)

    def reviews(self) -> list[Alert]:
        """Return the acts that wait for a second inspector, and the bookings under review. One query."""
        return _in_order(map(self._review, get_reviews(self.user, self.now)[:MOST_OF_A_KIND]))

    # --- Bookings

    def _about_bookings(self) -> Iterator[Alert]:
        for booking in self.items["frozen"]:
            yield self._row(booking, "frozen", "“This wasn’t me.”", "Ring her, then lift the freeze.", is_now=True)
        for booking in self.items["safeguarding"]:
            text = "Speak with whoever marked it."
            yield self._row(booking, "safeguarding", "Crime or safeguarding.", text, is_now=True)
        for booking in self.items["attendance_needed"]:
            walk = booking.walk_as_last_notified
            text = f"{walk.meeting_place}. We cancelled, and nobody can say that she knows."
            title = "Someone has to go there now."
            yield self._row(booking, "attendance_needed", title, text, is_now=True, phone=booking.walk.duty_number)
        for booking in self.items["nobody_came"]:
            text = "Ring the officers, and ring her if she allows it."
            yield self._row(booking, "nobody_came", "She says that nobody came.", text, is_now=True)
        for booking in self.items["unacknowledged"]:
            text = "She hasn’t seen our message." if booking.can_be_emailed else "We don’t write to her."
            number = reverse("triage:record_contact", args=[booking.pk]) if booking.contact.has_phone else ""
            title = "Cancelled and not told."
            yield self._row(booking, "unacknowledged", title, text, action="Contact her", shows_number=number)
        for booking in self.items["cut_short"]:
            text = "She is first in line for another walk. Speak with her, or offer a time."
            yield self._row(booking, "cut_short", "Officers were called away from her.", text)
        for booking in self.items["team_messages"]:
            sent = london.near(booking.unread_team_message_at, self.now)
            yield self._row(booking, "team_messages", "Message from her.", f"Sent {sent}.", action="Read it")
        for booking in self.items["times_passed"]:
            text = "We’ve said sorry and asked her to choose again. Ring her if she allows it."
            yield self._row(booking, "times_passed", "All her times have passed.", text)

    def _row(self, booking: Booking, kind: str, title: str, text: str, *, is_now: bool = False, **fields: Any) -> Alert:
        at = booking.walk_needed_at
        return Alert(
            kind=kind,
            at=at,
            when=london.near(at, self.now),
            title=title,
            about=f"{booking.known_as or booking.spoken_reference}. {text}",
            href=reverse("triage:booking", args=[booking.pk]) + ANCHORS.get(kind, ""),
            is_now=is_now or self._is_near(at),
            is_past=at < self.now - ALERT_PAST_AFTER,
            **fields,
        )

    def _is_near(self, at: datetime.datetime) -> bool:
        return abs(at - self.now) <= NOW_WITHIN

    def _not_told(self, problem: DeliveryProblem) -> Alert:
        other_contact = problem.other_contact or "She gave no number"
        text = f"{problem.why} {other_contact}."
        return self._row(problem.booking, "not_told", "May not have our news.", text, action="Contact her")

    def _answers_due(self) -> Iterator[Alert]:
        """Yield one row for all of them, because they are answered one after the other from the queue."""
        bookings = [booking for booking, _tag in self.items["answers_due"]]
        if not bookings:
            return
        first, *others = sorted(bookings, key=lambda booking: booking.answer_due_at)
        due, is_late = first.answer_due_at, first.answer_due_at < self.now
        yield Alert(
            kind="answers_due",
            at=due,
            when=("since " if is_late else "by ") + london.near(due, self.now),
            title="Answer overdue." if is_late else "Answer due.",
            about=f"{first.known_as}{f' and {len(others)} more' if others else ''}.",
            href=reverse("triage:queue") if others else reverse("triage:booking", args=[first.pk]),
            action=f"Answer {len(bookings)}" if others else "Answer her",
            is_now=is_late,
        )

    # --- Walks

    def _not_ended(self, walk: Walk) -> Alert:
        text = f"To end at {london.clock(walk.end_at)}. {_officers_of(walk)} Ring them, then the duty number."
        return self._about_walk(walk, "end_overdue", "Nobody has said that it ended safely.", text, is_now=True)

    def _too_few_officers(self) -> Iterator[Alert]:
        for walk in [walk for walk in self.walks if walk.lacks > 0][:MOST_OF_A_KIND]:
            if walk.officer_with_requester_at is not None:
                yield self._alone(walk, walk.officer_with_requester_at)
            text = f"{walk.live or 'None'} of {walk.least} can make it."
            if walk.open_questions:  # type: ignore[attr-defined]  # of `with_open_question_counts`
                text += " She has been asked whether one will do."
            page = "on_the_day:walk" if walk.started_at else "scheduling:change_walk"
            yield self._about_walk(walk, "short", "Too few officers.", text, action="Find an officer", page=page)

    def _alone(self, walk: Walk, since: datetime.datetime) -> Alert:
        if walk.escort_began_at is not None:
            text = f"Seeing her to safety since {london.clock(walk.escort_began_at)}."
        else:
            text = f"Waiting with her since {london.clock(since)}."
        text = f"{text} {_officers_of(walk)} {walk.meeting_place}. Ring the officer and send another one."
        return self._about_walk(walk, "officer_alone", "An officer is alone with her.", text, is_now=True)

    def _off_duty(self, conflict: DutyConflict) -> Alert:
        text = f"{conflict.officer.display_name} is {conflict.reason}."
        page = "scheduling:change_walk"
        return self._about_walk(conflict.walk, "off_duty", "Off duty.", text, action="Replace her", page=page)

    def _about_walk(
        self,
        walk: Walk,
        kind: str,
        title: str,
        text: str,
        *,
        page: str = "on_the_day:walk",
        action: str = "Open the walk",
        is_now: bool = False,
    ) -> Alert:
        return Alert(
            kind=kind,
            at=walk.start_at,
            when=london.near(walk.start_at, self.now),
            title=title,
            about=text,
            href=reverse(page, args=[walk.pk]),
            action=action,
            is_now=is_now or self._is_near(walk.start_at),
            phone=walk.duty_number if is_now else "",
        )

    # --- A second inspector

    def _review(self, review: Review) -> Alert:
        when = london.near(review.at, self.now)
        if review.kind == "approval":
            text = f"For booking {review.spoken_reference}. Asked at {london.clock(review.at)}."
            page = reverse("approvals:approve", args=[review.pk])
            title = "A colleague needs a second inspector."
            return Alert("approval", review.at, when, title, text, page, action="Read and agree", is_now=True)
        text = (
            f"An inspector of another BCU looks after booking {review.spoken_reference} until she has spoken with the "
            "requester. A walk goes ahead as planned."
        )
        return Alert("review", review.at, when, "Under review.", text, href="")


ANCHORS = {"team_messages": "#her-messages", "not_told": "#not-told"}


def _officers_of(walk: Walk) -> str:
    names = ", ".join(officer.display_name for officer in walk.live_officers())
    return f"{names}." if names else "No officers."


def _in_order(rows: Iterable[Alert]) -> list[Alert]:
    return sorted(rows, key=lambda alert: (not alert.is_now, alert.is_past, alert.at))
