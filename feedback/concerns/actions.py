"""Actions of an inspector who screens concerns and was not on the walk."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from bookings.locks import PageOutOfDate
from boroughs.geography.map_points import MapPoint
from boroughs.models.officers import Officer
from feedback.conduct.emails import conduct_diverted
from feedback.emails import concern_owner_chosen
from feedback.improvements.actions import join_improvement, leave_improvement
from feedback.locks import lock_booking_of, lock_concern, lock_concerns_of, lock_improvement_row
from feedback.models.concerns import Concern, ConcernQuerySet
from feedback.models.events import ConcernEvent
from feedback.models.improvements import Improvement
from feedback.permissions import can_hand_over, can_own, can_say_where, can_screen
from feedback.places.locating import place_at
from feedback.retention import erase_concern_content, erase_corrections
from feedback.statuses import ACTIVE_STATES, UNSETTLED_STATES, State
from feedback.transitions import transition_concern
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

STANDARDS = "Professional standards"
CANNOT_OWN = "Choose an inspector who can open this concern and wasn’t on the walk."


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """The officer who owns a concern, and the day on which she looks at it again."""

    owner: Officer
    review_date: datetime.date


@transaction.atomic
def take_concern(concern: Concern, *, by: Officer) -> None:
    """Make this inspector the owner of a concern that is nobody's. Her colleagues see it in the list."""
    lock_concern(concern)
    _require_unsettled(concern)
    require(can_own(by, concern, concern.officers_of_the_walk()))
    owner = concern.current_owner
    if owner == by:
        return
    if owner is not None:
        raise ActionError(f"{owner.display_name} already owns this. Ask first, then hand it over to yourself.")
    save_changes(concern, owner=by)
    _record_owner(concern, f"{by.display_name} took it.", by=by)


@transaction.atomic
def hand_over_concern(concern: Concern, *, to: Officer, by: Officer, version: int) -> None:
    """Make a colleague the owner, and tell her. `version` is the number of events and corrections that `by` has read.

    Raise ActionError unless she can open the concern and was not on the walk.
    """
    lock_concern(concern)
    _require_unsettled(concern)
    require(can_hand_over(by, concern))
    if concern.version != version:
        message = "Something new was said or done since you opened this. Read it first."
        raise PageOutOfDate(message, version=concern.version)
    if not concern.possible_owners().contains(to):
        raise ActionError(CANNOT_OWN)
    save_changes(concern, owner=to)
    event = _record_owner(concern, f"Handed over to {to.display_name}.", by=by)
    if to != by:
        concern_owner_chosen(concern, because=str(event.pk))


@transaction.atomic
def record_owner_gone(officer: Officer, *, by: Officer) -> None:
    """Say in the history why these concerns are nobody's now (`UNOWNED`). Their last owner stays in the row."""
    for concern in concerns_owned_by(officer).order_by("pk"):
        lock_concern(concern)
        if concern.current_owner is None:
            _record_owner(concern, f"{officer.display_name} no longer owns it.", by=by)


def concerns_owned_by(*officers: Officer) -> ConcernQuerySet:
    """Return the concerns that someone has to take over."""
    return Concern.objects.filter(owner__in=officers, state__in=UNSETTLED_STATES).not_being_deleted()


def _record_owner(concern: Concern, words: str, *, by: Officer) -> ConcernEvent:
    """Record who owns the concern now. Its state stays."""
    return ConcernEvent.objects.record(concern, by=by, from_state=concern.state, to_state=concern.state, internal=words)


def _require_unsettled(concern: Concern) -> None:
    if not concern.is_unsettled:
        was = concern.get_state_display().lower()
        raise TransitionNotAllowed(f"This concern is now “{was}”, so nobody needs to own it.")


@transaction.atomic
def start_screening(concern: Concern, *, by: Officer) -> None:
    """Start screening a concern for names, crime and danger."""
    lock_concern(concern)
    _require_screener(concern, by)
    transition_concern(concern, State.SCREENING, by=by)


@transaction.atomic
def accept_concern(
    concern: Concern, acceptance: Acceptance, *, by: Officer, internal: str = "", version: int = 0
) -> None:
    """Accept a concern, with an owner who looks at it again by `review_date`. She is told.

    Raise ActionError unless the owner can open the concern and was not on the walk.
    """
    _screen(concern, by, version=version)
    if not concern.possible_owners().contains(acceptance.owner):
        raise ActionError(CANNOT_OWN)
    changes = {"owner": acceptance.owner, "review_date": acceptance.review_date}
    transition_concern(concern, State.ACCEPTED, by=by, internal=internal, changes=changes)


@transaction.atomic
def close_concern_without_action(
    concern: Concern, *, by: Officer, reason: str, internal: str = "", version: int = 0
) -> None:
    """Close a concern that we cannot change. The requester reads why, and it never counts as resolved."""
    _screen(concern, by, version=version)
    transition_concern(concern, State.NO_ACTION, by=by, to_requester=reason, internal=internal)


@transaction.atomic
def say_where(concern: Concern, point: MapPoint, *, by: Officer, version: int) -> None:
    """Put a concern on the list of places. `version` is the number of its events and corrections that `by` has read.

    Raise ActionError if the BCU of the concern does not police that point.
    """
    lock_concern(concern)
    require(can_say_where(by, concern))
    if concern.version != version:
        message = "Something new was said or done since you opened this. Read it first."
        raise PageOutOfDate(message, version=concern.version)
    place = place_at(point)
    if place is None or place.bcu_id != concern.bcu_id:
        raise ActionError("Another team looks after that place. Choose one in your own boroughs.")
    save_changes(concern, reported_place=place)


@transaction.atomic
def accept_into_improvement(concern: Concern, improvement: Improvement, *, by: Officer, version: int) -> None:
    """Accept a concern and let it join an improvement at once. Its requester gets one message, of how that stands."""
    lock_booking_of(concern)
    lock_improvement_row(improvement)
    _screen(concern, by, version=version)
    save_changes(concern, owner=improvement.owner, review_date=improvement.review_date)
    transition_concern(concern, State.ACCEPTED, by=by, notify_requester=improvement.state == State.ACCEPTED)
    join_improvement(concern, improvement, by=by, version=concern.version)


@transaction.atomic
def divert_concern(concern: Concern, *, by: Officer, external_reference: str, version: int = 0) -> None:
    """Divert a concern to another team: a crime, a child at risk or a named person.

    Its kind, its date and the team's reference stay. The requester's words are erased.
    """
    lock_booking_of(concern)
    reported_with_it = lock_concerns_of(concern.report)
    _screen(concern, by, version=version)
    erase_concern_content(concern)
    transition_concern(concern, State.DIVERTED, by=by, changes={"external_reference": external_reference})
    # One report makes several concerns with the same words, and the other team has those words now.
    for other in reported_with_it:
        if other != concern:
            save_changes(other, text="")
            erase_corrections(other, "text")


@transaction.atomic
def divert_concern_to_standards(concern: Concern, *, by: Officer, version: int = 0) -> None:
    """Send a concern about an officer’s conduct to professional standards, and divert it. Her words are erased here."""
    require(bool(settings.CONDUCT_INBOX))
    lock_booking_of(concern)
    lock_concerns_of(concern.report)  # so that no correction comes between the message and the erasure
    conduct_diverted(concern, by=by)
    divert_concern(concern, by=by, external_reference=STANDARDS, version=version)


@transaction.atomic
def reassign_concern(concern: Concern) -> None:
    """Give a concern to the new nominated inspector of its booking. If someone owned it, she owns it now.

    It leaves its improvement, in which are concerns of other women that she may not see.
    """
    leave_improvement(concern, by=None)
    lock_concern(concern)
    booking = concern.report.booking
    if booking is None or booking.nominated_inspector is None:
        return
    inspector = booking.nominated_inspector
    save_changes(concern, nominated_inspector=inspector)
    if concern.state in ACTIVE_STATES and concern.possible_owners().contains(inspector):
        save_changes(concern, owner=inspector)
        concern_owner_chosen(concern, because=f"reassigned-{inspector.pk}")


def _screen(concern: Concern, by: Officer, *, version: int) -> None:
    """Lock the concern and start its screening if nobody has, because every outcome follows from screening.

    `version` is the number of corrections that the inspector has read.
    """
    lock_booking_of(concern)
    lock_concern(concern)
    _require_screener(concern, by)
    if concern.correction_count != version:
        message = "She has corrected this since you opened it. Read it above, then decide again."
        raise PageOutOfDate(message, version=concern.correction_count)
    if concern.state == State.REPORTED:
        transition_concern(concern, State.SCREENING, by=by)
    elif concern.state != State.SCREENING:
        was = concern.get_state_display().lower()
        raise TransitionNotAllowed(f"This concern is now “{was}”: someone else has checked it.")


def _require_screener(concern: Concern, by: Officer) -> None:
    require(can_screen(by, concern, concern.officers_of_the_walk()))
