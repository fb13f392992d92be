"""Closing an account: one act that ends what someone can open, and leaves to colleagues what was theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import Error, transaction
from django.utils import timezone

from accounts.models import SecurityEventKind as Kind
from accounts.models import UnfinishedClosure
from accounts.new_passwords.emails import withdraw_links
from accounts.security_log import record_security_event
from accounts.sessions.ending import close_access
from administration.account_closure.counts import LeftBehind, nominated_for
from administration.account_closure.emails import send_team_account_closed
from bookings.locks import lock_booking_ids
from bookings.models.bookings import Booking
from bookings.notices.threads import OFFICER_THREAD_PREFIX, STAFF_THREAD_PREFIXES
from bookings.on_the_day.officer_withdrawal import walks_of, withdraw_officer
from bookings.on_the_day.takeover.actions import end_questions_to, open_questions_to
from bookings.statuses import Status
from bookings.triage.claims.actions import open_claims_of, release_claims_of
from bookings.triage.reassignment import reassign_booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.concerns.actions import record_owner_gone
from outbox.actions import supersede_to
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.reading import untracked
from walkandtalk.lib.rows import save_changes
from walks.locks import CONFLICT_CODES, lock_officers, set_lock_timeout
from walks.models.walks import Walk
from walks.recurring.actions import lock_recurring_walks_of, remove_usual_officer

YOURSELF = "You can’t close your own account. Another administrator has to do it."
CLOSED_ALREADY = "This account was closed before you pressed. Nothing is left to do."
IN_USE = "Someone is changing one of their walks or bookings at this moment. Press the button again."


def close_account(person: Officer, *, by: Officer) -> LeftBehind:
    """Close the account, and return what others take over.

    The administrator who presses stays active, so there is always one.
    """
    with _all_or_in_use():
        return _close(person, by=by)


@contextmanager
def _all_or_in_use() -> Iterator[None]:
    """Do everything in this block or nothing. Raise ActionError if someone holds one of the rows."""
    try:
        with transaction.atomic():
            set_lock_timeout()
            yield
    except Error as error:
        if getattr(error.__cause__, "pgcode", None) not in CONFLICT_CODES:
            raise
        raise ActionError(IN_USE) from error


def _close(person: Officer, *, by: Officer) -> LeftBehind:
    now_as = {officer.pk: officer for officer in lock_officers([person, by])}
    require(now_as[by.pk].is_staff)
    if person.pk == by.pk:
        raise ActionError(YOURSELF)
    if not now_as[person.pk].is_active:
        raise TransitionNotAllowed(CLOSED_ALREADY)
    person.refresh_from_db(fields=["access_version"])
    with untracked():  # messages are written with details that this person is never shown
        _lock_everything(person)
        left = LeftBehind.by(person, timezone.now())
        close_access(person)
        _hand_on(person, by=by)
        event = record_security_event(Kind.DEACTIVATED, officer=by, subject=person)
        _end_nominations(person, by=by)
        _hand_on_restricted_bookings(person)
        _stop_messages_to(person)
    _write_admin_log(person, by=by)
    send_team_account_closed(person, left, event)
    return left


def finish_closure(closure: UnfinishedClosure) -> None:
    """Hand on what someone has left whom the force no longer lets in. Histories say that they left by themselves.

    If an administrator has let them in again meanwhile, what is theirs stays theirs.
    """
    with _all_or_in_use():
        _finish(closure)


def _finish(closure: UnfinishedClosure) -> None:
    (person,) = lock_officers([closure.officer])
    found = UnfinishedClosure.objects.filter(pk=closure.pk).select_related("event").first()
    if found is None:
        return
    found.delete()
    if person.is_active:
        return
    with untracked():
        _lock_everything(person)
        left = LeftBehind.by(person, timezone.now())
        _hand_on(person, by=person)
    _end_nominations(person, by=None)
    send_team_account_closed(person, left, found.event)


def _lock_everything(person: Officer) -> None:
    """Lock recurring walks, walks and bookings in the order of docs/rules.md#lock-order, before any is changed."""
    lock_recurring_walks_of(person)
    restricted = Booking.objects.decided_on_by(person).order_by()
    asked_about = open_questions_to(person).order_by().values("walk")
    on_it = walks_of(person, timezone.now()).order_by().values("pk")
    theirs = on_it.union(asked_about, restricted.values("walk"), restricted.values("cut_short_walk"))
    walks = Walk.objects.select_for_update(no_key=True).filter(pk__in=theirs)
    walk_ids = list(walks.order_by("pk").values_list("pk", flat=True))
    lock_booking_ids(_booking_ids(person, walk_ids))


def _booking_ids(person: Officer, walk_ids: list[UUID]) -> list[UUID]:
    claimed = open_claims_of(person).order_by().values_list("booking", flat=True)
    told = Booking.objects.filter(walk__in=walk_ids, status=Status.SCHEDULED).order_by().values_list("pk", flat=True)
    restricted = Booking.objects.decided_on_by(person).order_by().values_list("pk", flat=True)
    return [*claimed, *told, *restricted]


def _hand_on(person: Officer, *, by: Officer) -> None:
    remove_usual_officer(person, by=by)
    withdraw_officer(person, by=by)
    end_questions_to(person, by=by)
    release_claims_of(person, by=by)
    record_owner_gone(person, by=by)
    withdraw_links(person)


def _end_nominations(person: Officer, *, by: Officer | None) -> None:
    """Leave the choice of another nominated inspector to an administrator. Until then, a rule chooses."""
    for bcu in nominated_for(person):
        save_changes(bcu, nominated_inspector=None)
        record_security_event(Kind.NOMINATION_ENDED, officer=by, subject=person, change=bcu.code)


def _hand_on_restricted_bookings(person: Officer) -> None:
    """Give each another inspector. If there is none yet, a job goes on looking."""
    for booking in Booking.objects.decided_on_by(person).order_by("pk"):
        reassign_booking(booking)


def _stop_messages_to(person: Officer) -> None:
    """Stop messages about their walks and restricted bookings that have not left, but none to them as a requester.

    If their address is also a team's inbox, the team goes on getting its messages.
    """
    is_inbox = BoroughCommandUnit.objects.filter(inbox__iexact=person.email).exists()
    prefixes = [OFFICER_THREAD_PREFIX] if is_inbox else STAFF_THREAD_PREFIXES
    supersede_to(person.email, thread_prefixes=prefixes)


def _write_admin_log(person: Officer, *, by: Officer) -> None:
    """Write the same line as if the administrator had changed the field in the admin."""
    fields = [str(Officer._meta.get_field("is_active").verbose_name)]
    LogEntry.objects.log_actions(
        by.pk,
        [person],
        CHANGE,
        [{"changed": {"fields": fields}}],
        single_object=True,
    )
