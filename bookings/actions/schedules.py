"""An inspector decides: schedule, change, decline, cancel. And what a cancellation does to a walk."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import emails, walk_changes
from bookings.actions.arranging import (
    Arranged,
    check_needs_arranged,
    check_needs_still_arranged,
    keep_arrangements,
)
from bookings.actions.cards import tell_company, tell_women_of_change
from bookings.actions.guests import welcome_guests
from bookings.actions.meanwhile import check_unchanged, lock_to_decide
from bookings.actions.moves import (
    BookingError,
    MoveNotAllowed,
    OfficerTaken,
    lock_booking_with_walk,
    lock_bookings_of,
    lock_officers,
    lock_walk,
    lock_women_of,
    move_booking,
    move_walk,
    officers_are_to_be_settled,
    officers_taken_is_said,
    record,
    require,
    wait_at_most_3_seconds,
)
from bookings.actions.offers import withdraw_places
from bookings.models import Assignment, Booking, Event, Walk
from bookings.permissions import can_be_given_walks, can_change_walk, can_decide
from bookings.phrases import new_phrases
from bookings.plain_text import one_line
from bookings.statuses import CancelReason, DeclineAlternative, DeclineReason, EventKind, Status, WalkStatus
from boroughs.models import BoroughCommandUnit, Officer
from walkandtalk.lib import london


@dataclass(frozen=True, kw_only=True)
class WalkPlan:
    """What an inspector settles about a walk, besides its officers."""

    start_at: datetime.datetime
    minutes: int
    meeting_place: str
    finish_place: str
    duty_number: str
    pin: list[float] | None = None
    """The meeting place on our map, latitude and longitude."""


NEEDS_DEPEND_ON = ("start_at", "minutes", "meeting_place", "finish_place")


def asks_needs_again(walk: Walk, plan: WalkPlan, officers: Collection[Officer]) -> bool:
    """Where the walk moves, or an officer leaves it, nothing that was arranged for her may be lost unseen."""
    moves = any(getattr(plan, name) != getattr(walk, name) for name in NEEDS_DEPEND_ON)
    return moves or not set(walk.live_officers()) <= set(officers)


def schedule_booking(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    plan: WalkPlan,
    officers: Collection[Officer],
    arranged: Collection[Arranged] = (),
) -> Walk:
    """Give her a walk with these officers, each need of hers arranged now or before.

    Raises OfficerTaken when somebody else was given one of them first.
    """
    if booking.version == version:  # else what a colleague did is said, below
        _check_not_taken(booking, officers, plan)  # nobody waits for officers who are gone already
    with officers_taken_is_said(), transaction.atomic():
        wait_at_most_3_seconds()
        held = lock_officers(officers)
        lock_to_decide(booking, by=by, was_shown=version)
        _check_awaits_decision(booking)
        _check_confirmed(booking)
        check_plan(plan, held, booking.team)
        _check_not_taken(booking, held, plan)  # whoever waited lets go of them at once: others may be waiting too
        keep_arrangements(booking, arranged, by=by)
        check_needs_arranged(booking)
        they, you = new_phrases()
        walk = Walk.objects.create(
            bcu=booking.team,
            handler=booking.handler,
            capacity=booking.team.walk_capacity,
            phrase_they=they,
            phrase_you=you,
            **vars(plan),
        )
        assign(walk, held)
        put_on_walk(booking, walk, by=by)
        for officer in held:
            emails.officer_assigned(walk, officer)
    return walk


def _check_not_taken(booking: Booking, officers: Collection[Officer], plan: WalkPlan) -> None:
    """Has one of them another walk then? That a colleague gave them to this very woman is said in other words.

    The constraint decides: this spares what leads up to it.
    """
    wanted = Walk(bcu=booking.team, start_at=plan.start_at, minutes=plan.minutes).period()
    taken = Assignment.objects.filter(officer__in=officers, is_live=True, period__overlap=wanted)
    if taken.exclude(walk__bookings=booking).exists():
        raise OfficerTaken


def put_on_walk(booking: Booking, walk: Walk, *, by: Officer | None = None) -> None:
    """It is her walk now, and she is told. The caller holds both, and has asked whether she may have it."""
    booking.walk, booking.needed_at = walk, walk.start_at
    if booking.cut_short_walk_id is not None:
        booking.calendar_sequence += 1  # her calendar holds the walk that was broken off
    event = move_booking(booking, Status.SCHEDULED, kind=EventKind.SCHEDULED, by=by)
    emails.booking_scheduled(booking, event)


def change_walk(
    walk: Walk,
    *,
    by: Officer,
    version: int,
    plan: WalkPlan,
    officers: Collection[Officer],
    arranged: Mapping[UUID, Collection[Arranged]] | None = None,
) -> None:
    """Move the walk or change who is on it. Everybody who is concerned gets the whole card again.

    `arranged` says for each booking how its needs are arranged for the walk as it will be.
    """
    with officers_taken_is_said(), transaction.atomic():
        wait_at_most_3_seconds()
        held = lock_officers([*officers, *walk.live_officers()])
        lock_walk(walk)
        women = lock_women_of(walk)
        bookings = [booking for booking in women if booking.status == Status.SCHEDULED]
        require(can_change_walk(by, walk))
        check_unchanged(walk, was_shown=version)
        if walk.status != WalkStatus.SCHEDULED:
            raise MoveNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so it cannot be changed.")
        chosen = [officer for officer in held if officer in officers]
        before = walk.live_officers()
        check_plan(plan, chosen, walk.bcu, least=walk.least_officers_if(chosen))
        changes = _changes(walk, plan, before=before, after=chosen)
        _keep_needs(bookings, arranged or {}, by=by, asks=asks_needs_again(walk, plan, chosen))
        answers_wish = (plan.start_at, plan.meeting_place) != (walk.start_at, walk.meeting_place)
        if changes:
            _apply_plan(walk, plan, before=before, after=chosen)
            for booking in bookings if answers_wish else ():
                _answer_wish(booking)
            _tell_of_change(walk, bookings, by=by, changes=changes, before=before, after=chosen)
            withdraw_places(walk, women, by=by)


def _keep_needs(
    bookings: list[Booking], arranged: Mapping[UUID, Collection[Arranged]], *, by: Officer, asks: bool
) -> None:
    for booking in bookings:
        said = arranged.get(booking.pk, ())
        if asks:
            check_needs_still_arranged(booking, said)
        keep_arrangements(booking, said, by=by)


def _answer_wish(booking: Booking) -> None:
    """Another time or place is the answer to her who asked for one. Other officers are not."""
    if booking.asks_again:
        booking.asked_again_at, booking.answered_at = None, timezone.now()


def _apply_plan(walk: Walk, plan: WalkPlan, *, before: list[Officer], after: list[Officer]) -> None:
    for field, value in vars(plan).items():
        setattr(walk, field, value)
    if set(before) != set(after):
        walk.phrase_they, walk.phrase_you = new_phrases()
        officers_are_to_be_settled(walk)
    walk.revision += 1
    walk.set_off_at = walk.arrived_at = None
    walk.save()
    live = walk.assignments.filter(is_live=True)
    live.exclude(officer__in=after).update(is_live=False, left_reason="replaced")
    live.update(period=walk.period())
    assign(walk, [officer for officer in after if officer not in before])


def _tell_of_change(
    walk: Walk,
    bookings: list[Booking],
    *,
    by: Officer,
    changes: list[str],
    before: list[Officer],
    after: list[Officer],
) -> None:
    record(EventKind.CHANGED, walk=walk, by=by)
    tell_women_of_change(walk, bookings, by=by, changes=changes)
    for officer in after:
        if officer in before:
            emails.officer_walk_changed(walk, officer, changes=changes)
        else:
            emails.officer_assigned(walk, officer)
    for officer in before:
        if officer not in after:
            emails.officer_released(walk, officer)


def _changes(walk: Walk, plan: WalkPlan, *, before: list[Officer], after: list[Officer]) -> list[str]:
    """What differs, each as a sentence that she reads first."""
    changes = []
    if london.local(plan.start_at).date() != walk.date:
        changes.append(walk_changes.DATE % {"date": london.long_date(plan.start_at)})
    if london.local(plan.start_at).time() != london.local(walk.start_at).time():
        changes.append(walk_changes.START % {"time": london.clock(plan.start_at)})
    if plan.minutes != walk.minutes:
        changes.append(walk_changes.MINUTES % {"minutes": plan.minutes})
    if plan.meeting_place != walk.meeting_place:
        changes.append(walk_changes.MEETING_PLACE % {"place": one_line(plan.meeting_place)})
    if plan.pin != walk.pin:
        changes.append(str(walk_changes.OTHER_SPOT if plan.pin else walk_changes.NO_MAP))
    if plan.finish_place != walk.finish_place:
        changes.append(walk_changes.FINISH_PLACE % {"place": one_line(plan.finish_place)})
    if set(before) != set(after):
        changes.append(_("The officers and the phrase have changed."))
    if plan.duty_number != walk.duty_number:
        changes.append(walk_changes.DUTY_NUMBER % {"number": plan.duty_number})
    return changes


@transaction.atomic
def decline_booking(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    reason: DeclineReason,
    alternatives: Collection[DeclineAlternative],
    words: str,
) -> None:
    """Say no, with a reason, what she can do instead, and words that she will read."""
    lock_to_decide(booking, by=by, was_shown=version)
    booking.alternatives = " ".join(alternatives)
    booking.save(update_fields=["alternatives"])
    event = move_booking(booking, Status.DECLINED, kind=EventKind.DECLINED, by=by, code=reason, note=words)
    emails.booking_declined(booking, event)


@transaction.atomic
def cancel_booking_by_her(booking: Booking) -> None:
    """She does not want the walk any more. She needs no reason, and the officers hear at once."""
    walk = lock_booking_with_walk(booking)
    _check_not_begun(walk)
    _keep_as_told(booking, walk)
    event = move_booking(booking, Status.CANCELLED_BY_HER, kind=EventKind.CANCELLED_BY_HER)
    emails.booking_cancelled_by_her(booking, event)
    if walk is not None:
        release_from_walk(walk, event=event)


@transaction.atomic
def cancel_booking_by_us(booking: Booking, *, by: Officer, version: int, reason: CancelReason, words: str) -> None:
    """The walk will not happen. She must hear before she leaves home, so nothing older may go out after this."""
    walk = lock_booking_with_walk(booking)
    require(can_decide(by, booking))
    check_unchanged(booking, was_shown=version)
    _check_not_begun(walk)
    _keep_as_told(booking, walk)
    event = move_booking(
        booking, Status.CANCELLED_BY_US, kind=EventKind.CANCELLED_BY_US, by=by, code=reason, note=words
    )
    emails.booking_cancelled_by_us(booking, event)
    if walk is not None:
        release_from_walk(walk, event=event)


@transaction.atomic
def cancel_walk_of(booking: Booking, *, by: Officer, version: int, reason: CancelReason, words: str) -> None:
    """The walk will not happen for anybody on it. Each woman reads the same reason and words."""
    walk = lock_booking_with_walk(booking)
    require(can_decide(by, booking))
    check_unchanged(booking, was_shown=version)
    if walk is None or booking.status != Status.SCHEDULED:
        was = booking.get_status_display().lower()
        raise MoveNotAllowed(f"This booking is now “{was}”, so there is no walk to cancel.")
    _check_not_begun(walk)
    women = lock_women_of(walk)
    withdraw_places(walk, women, by=by)
    cancelled = []
    for each in (woman for woman in women if woman.status == Status.SCHEDULED):
        _keep_as_told(each, walk)
        event = move_booking(
            each, Status.CANCELLED_BY_US, kind=EventKind.CANCELLED_BY_US, by=by, code=reason, note=words
        )
        cancelled.append((each, event))
    for each, event in cancelled:  # once it is so for all: each is told that nobody will be there
        emails.booking_cancelled_by_us(each, event)
    release_from_walk(walk, event=event)
    booking.refresh_from_db()


def _keep_as_told(booking: Booking, walk: Walk | None) -> None:
    """When and where she was to be. The others may go on with her walk, and what is theirs is not for her to read."""
    booking.calendar_sequence += 1
    if walk is None:
        return
    booking.needed_at = walk.start_at
    booking.contact.called_off_place = walk.meeting_place
    booking.contact.save(update_fields=["called_off_place"])


def release_from_walk(walk: Walk, *, event: Event) -> None:
    """One woman fewer on this walk. It goes on for the rest of them, who are told that one more does not come.

    With nobody left on it the officers are free again, and are told. While somebody may still say yes to a place it
    waits for her answer.
    """
    if walk.status != WalkStatus.SCHEDULED:
        return
    if left := lock_bookings_of(walk):
        gone = _("Another woman is not coming any more.")
        # Guests about whom she alone had not answered.
        tell_company(walk, left, kind=EventKind.PARTED, changes=[gone, *welcome_guests(walk)], by=event.by)
        return
    if walk.offers.filter(answer="").exists():
        return
    officers = walk.live_officers()
    move_walk(walk, WalkStatus.CANCELLED, kind=EventKind(event.kind), by=event.by, code=event.code)
    walk.assignments.filter(is_live=True).update(is_live=False, left_reason="cancelled")
    for officer in officers:
        emails.officer_walk_cancelled(walk, officer)


def assign(walk: Walk, officers: Collection[Officer]) -> None:
    Assignment.objects.bulk_create(Assignment(walk=walk, officer=officer, period=walk.period()) for officer in officers)


def _check_not_begun(walk: Walk | None) -> None:
    if walk is not None and walk.has_begun(timezone.now()):
        raise MoveNotAllowed(_("The walk has begun, so it cannot be cancelled any more."))


def _check_awaits_decision(booking: Booking) -> None:
    """What was missed goes back to its own walk, and is never given another."""
    if not booking.awaits_decision:
        was = booking.get_status_display().lower()
        raise MoveNotAllowed(f"This booking is now “{was}”, so it cannot be given a walk.")


def _check_confirmed(booking: Booking) -> None:
    """Names of officers and the phrase wait until she has confirmed that it was her (docs/rules.md#confirmation)."""
    if booking.confirmed_at is None:
        raise BookingError(
            "She has not confirmed yet that it was her who asked. "
            "Ring her if she allows it, then press “I have spoken with her”."
        )


def check_plan(
    plan: WalkPlan, officers: Collection[Officer], bcu: BoroughCommandUnit, *, least: int | None = None
) -> None:
    if plan.start_at <= timezone.now():
        raise BookingError("The walk must start in the future. Choose a later date or time.")
    if len(officers) < (bcu.min_officers if least is None else least):
        raise BookingError(f"Choose at least {bcu.min_officers} officers: that is the rule of {bcu.name}.")
    for officer in officers:
        if not can_be_given_walks(officer, bcu):
            raise BookingError(f"{officer.called} does not lead walks here now. Choose somebody else.")
