"""An officer is not available for walks: taken off all of them at once, and given none (docs/rules.md#not-available).

The team and the auditor each enter it separately. The effect is the same, so nobody can tell who did.
"""

from uuid import UUID

from django.utils import timezone

from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from bookings.locks import lock_booking_ids
from bookings.models.bookings import Booking
from bookings.on_the_day.officer_withdrawal import walks_of, withdraw_officer
from bookings.on_the_day.takeover.actions import end_questions_to, open_questions_to
from bookings.statuses import Status
from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.reading import untracked
from walkandtalk.lib.rows import save_changes
from walks.duties.unavailability import rows_to_end
from walks.locks import all_or_in_use, lock_officers
from walks.models.walks import Walk
from walks.permissions import can_set_duty
from walks.recurring.actions import lock_recurring_walks_of, remove_usual_officer

IN_USE = "Someone is changing one of their walks or bookings right now. Try again in a moment."
SAID_ALREADY = "You’ve already marked them as not available."
NOT_YOURS = "Only the person who entered this can change it."


def mark_not_available(officer: Officer, *, by: Officer) -> None:
    """Enter that the officer can't be given walks. The entry holds until the same person ends it."""
    with all_or_in_use(IN_USE):
        (locked,) = lock_officers([officer])
        require(can_set_duty(by, locked))
        if Unavailability.objects.of_the_team().filter(officer=locked, by=by).exists():
            raise TransitionNotAllowed(SAID_ALREADY)
        Unavailability.objects.create(officer=locked, by=by)
        record_security_event(Kind.NOT_AVAILABLE, officer=by, subject=locked)
        take_off_walks(locked)


def mark_available_again(officer: Officer, *, by: Officer) -> bool:
    """End this person's entry. Return whether the officer can be given walks again: others may have entered it too."""
    with all_or_in_use(IN_USE):
        (locked,) = lock_officers([officer])
        require(can_set_duty(by, locked))
        rows = rows_to_end(locked, by)
        if not rows:
            raise TransitionNotAllowed(NOT_YOURS)
        for row in rows:
            row.delete()
        record_security_event(Kind.AVAILABLE_AGAIN, officer=by, subject=locked)
        return make_available_if_no_entry_remains(locked)


def take_off_walks(officer: Officer) -> None:
    """Take the officer off every walk that is not over, and off recurring walks. The caller holds the officer's lock.

    Histories say that they can't make it, and name nobody else.
    """
    if not officer.is_available:
        return
    save_changes(officer, is_available=False)
    with untracked():  # messages are written with details that whoever decided this is never shown
        _lock_everything(officer)
        remove_usual_officer(officer, by=officer)
        withdraw_officer(officer, by=officer)
        end_questions_to(officer, by=officer)


def make_available_if_no_entry_remains(officer: Officer) -> bool:
    """Let the officer be given walks again unless another entry remains. They get no walk back by itself."""
    is_available = not Unavailability.objects.filter(officer=officer).exists()
    save_changes(officer, is_available=is_available)
    return is_available


def _lock_everything(officer: Officer) -> None:
    """Lock recurring walks, walks and bookings in the order of docs/rules.md#lock-order, before any is changed."""
    lock_recurring_walks_of(officer)
    asked_about = open_questions_to(officer).order_by().values("walk")
    theirs = walks_of(officer, timezone.now()).order_by().values("pk").union(asked_about)
    walks = Walk.objects.select_for_update(no_key=True).filter(pk__in=theirs)
    walk_ids: list[UUID] = list(walks.order_by("pk").values_list("pk", flat=True))
    told = Booking.objects.filter(walk__in=walk_ids, status=Status.SCHEDULED).order_by()
    lock_booking_ids(list(told.values_list("pk", flat=True)))
