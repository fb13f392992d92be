"""Closing an account: one act that ends what someone can open, and leaves to colleagues what was theirs."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from accounts.models import SecurityEventKind as Kind
from accounts.models import UnfinishedClosure
from accounts.new_passwords.emails import withdraw_links
from accounts.security_log import record_security_event
from accounts.sessions.ending import close_access
from administration.emails import send_team_colleague_left
from administration.handing_on import (
    IN_USE,
    end_nominations,
    hand_on,
    hand_on_restricted_bookings,
    lock_everything_of,
)
from administration.left_behind import LeftBehind
from bookings.notices.threads import OFFICER_THREAD_PREFIX, STAFF_THREAD_PREFIXES
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from outbox.actions import supersede_to
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.reading import untracked
from walks.locks import all_or_in_use, lock_officers

YOURSELF = "You can’t close your own account. Another administrator has to do it."
CLOSED_ALREADY = "This account is already closed."
AUDITOR = "One administrator can’t close an auditor’s account. Propose another role for them first."


def close_account(person: Officer, *, by: Officer) -> LeftBehind:
    """Close the account, and return what others take over.

    The administrator who presses stays active, so there is always one.
    """
    with all_or_in_use(IN_USE):
        return _close(person, by=by)


def _close(person: Officer, *, by: Officer) -> LeftBehind:
    now_as = {officer.pk: officer for officer in lock_officers([person, by])}
    require(now_as[by.pk].is_staff)
    if person.pk == by.pk:
        raise ActionError(YOURSELF)
    if not now_as[person.pk].is_active:
        raise TransitionNotAllowed(CLOSED_ALREADY)
    if now_as[person.pk].role == Officer.Role.AUDITOR:
        raise ActionError(AUDITOR)
    person.refresh_from_db(fields=["access_version"])
    with untracked():  # messages are written with details that this person is never shown
        lock_everything_of(person)
        left = LeftBehind.by(person, timezone.now())
        close_access(person)
        hand_on(person, by=by)
        withdraw_links(person)
        event = record_security_event(Kind.DEACTIVATED, officer=by, subject=person)
        end_nominations(person, by=by)
        hand_on_restricted_bookings(person)
        _stop_messages_to(person)
    _write_admin_log(person, by=by)
    send_team_colleague_left(person, left, event)
    return left


def finish_closure(closure: UnfinishedClosure) -> None:
    """Hand on what someone has left whom the force no longer lets in. Histories say that they left by themselves.

    If an administrator has let them in again meanwhile, what is theirs stays theirs.
    """
    with all_or_in_use(IN_USE):
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
        lock_everything_of(person)
        left = LeftBehind.by(person, timezone.now())
        hand_on(person, by=person)
        withdraw_links(person)
    end_nominations(person, by=None)
    _stop_messages_to(person)
    send_team_colleague_left(person, left, found.event)


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
