"""Leaving to colleagues what someone may no longer do: after a move, another role, or the end of an account."""

from uuid import UUID

from django.utils import timezone

from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from administration.emails import send_nomination_ended
from administration.left_behind import nominated_for
from bookings.locks import lock_booking_ids
from bookings.models.bookings import Booking
from bookings.on_the_day.officer_withdrawal import walks_of, withdraw_officer
from bookings.on_the_day.takeover.actions import end_questions_to, open_questions_to
from bookings.statuses import Status
from bookings.triage.claims.actions import open_claims_of, release_claims_of
from bookings.triage.reassignment import reassign_booking
from boroughs.models.officers import Officer
from feedback.concerns.actions import record_owner_gone
from partners.models.partners import Partner, can_own_partner
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.recurring.actions import lock_recurring_walks_of, remove_usual_officer

IN_USE = "Someone is changing one of their walks or bookings at this moment. Press the button again."


def lock_everything_of(person: Officer) -> None:
    """Lock recurring walks, walks and bookings in the order of docs/rules.md#lock-order, before any is changed.

    The caller holds the lock on the person.
    """
    lock_recurring_walks_of(person)
    restricted = Booking.objects.decided_on_by(person).order_by()
    asked_about = open_questions_to(person).order_by().values("walk")
    on_it = walks_of(person, timezone.now()).order_by().values("pk")
    theirs = on_it.union(asked_about, restricted.values("walk"), restricted.values("cut_short_walk"))
    walks = Walk.objects.select_for_update(no_key=True).filter(pk__in=theirs)
    walk_ids = list(walks.order_by("pk").values_list("pk", flat=True))
    lock_booking_ids(_booking_ids(person, walk_ids))


def hand_on(person: Officer, *, by: Officer) -> None:
    """Leave to others what this person, as they are now, may no longer do. What they still may stays theirs.

    The caller has saved the change, and holds the locks of `lock_everything_of`.
    """
    remove_usual_officer(person, by=by)
    withdraw_officer(person, by=by)
    end_questions_to(person, by=by)
    release_claims_of(person, by=by)
    record_owner_gone(person, by=by)
    if not can_own_partner(person):
        Partner.objects.filter(owner=person).update(owner=None)


def end_nominations(person: Officer, *, by: Officer | None) -> None:
    """End those that this person can't hold any more. An administrator chooses another inspector; until then a rule."""
    for bcu in nominated_for(person):
        if not person.can_be_nominated_for(bcu):
            save_changes(bcu, nominated_inspector=None)
            event = record_security_event(Kind.NOMINATION_ENDED, officer=by, subject=person, change=bcu.code)
            send_nomination_ended(bcu, person, event, by=by)


def hand_on_restricted_bookings(person: Officer) -> None:
    """Give each another inspector, if this one may no longer decide. If there is none yet, a job goes on looking."""
    for booking in Booking.objects.decided_on_by(person).order_by("pk"):
        reassign_booking(booking)


def _booking_ids(person: Officer, walk_ids: list[UUID]) -> list[UUID]:
    claimed = open_claims_of(person).order_by().values_list("booking", flat=True)
    told = Booking.objects.filter(walk__in=walk_ids, status=Status.SCHEDULED).order_by().values_list("pk", flat=True)
    restricted = Booking.objects.decided_on_by(person).order_by().values_list("pk", flat=True)
    return [*claimed, *told, *restricted]
