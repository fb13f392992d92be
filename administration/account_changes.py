"""Changing what someone may do or where they belong: the new values, and everything that follows from them."""

from collections.abc import Iterator

from django.utils import timezone

from accounts.emails import send_address_changed
from accounts.force_sign_in.rules import has_way_in
from accounts.models import SecurityEventKind as Kind
from accounts.new_passwords.actions import invite
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from administration.emails import send_moved, send_team_colleague_left
from administration.handing_on import end_nominations, hand_on, hand_on_restricted_bookings, lock_everything_of
from administration.left_behind import LeftBehind
from boroughs.models.officers import Officer
from walkandtalk.lib.reading import untracked
from walkandtalk.lib.rows import save_changes


def change_account(person: Officer, *, by: Officer, announces_move: bool = False, **values: object) -> Officer:
    """Save these values, and return the person as they are now.

    Colleagues take over what the person may no longer do, and a team that someone leaves is told in numbers. With
    `announces_move` the person and the new team are told too; a proposal tells them by itself. A new role or address
    ends every session. The caller holds the locks of the person and of `by`, in a transaction, and has checked the
    values.
    """
    before, now = lock_account(person), lock_account(person)
    with untracked():  # messages are written with details that an administrator is never shown
        lock_everything_of(now)
        left = LeftBehind.by(before, timezone.now())
        save_changes(now, **values, **_follows(before, values, by=by))
        if (before.role, before.email) != (now.role, now.email):
            end_access(now)
        hand_on(now, by=by)
        end_nominations(now, by=by)
        hand_on_restricted_bookings(now)
    for kind, codes in _changes(before, now):
        event = record_security_event(kind, officer=by, subject=now, change=codes)
        if kind == Kind.EMAIL_CHANGED:
            send_address_changed(now, address_before=before.email, event=event)
        if kind == Kind.BCU_CHANGED and now.is_active:
            send_team_colleague_left(before, left, event, moved_to=now.bcu.name if now.bcu else "another role")
            if announces_move:
                send_moved(now, event)
    if now.is_active and not has_way_in(now) and _ended_invitation(before, now):
        invite(now, by=by)
    return now


def _follows(before: Officer, values: dict[str, object], *, by: Officer) -> dict[str, object]:
    """Return the fields that change with these: a ward belongs to one BCU, and walks to whoever allowed them."""
    more: dict[str, object] = {}
    if "bcu" in values and values["bcu"] != before.bcu and "ward" not in values:
        more["ward"] = None
    if "leads_walks" in values and values["leads_walks"] != before.leads_walks:
        more |= {"leads_walks_set_by": by, "leads_walks_set_at": timezone.now()}
    return more


def _ended_invitation(before: Officer, now: Officer) -> bool:
    return (before.email, before.role, before.is_active) != (now.email, now.role, now.is_active)


def _changes(before: Officer, now: Officer) -> Iterator[tuple[Kind, str]]:
    """Yield the kind of each change, and from which code to which."""
    if before.role != now.role:
        yield Kind.ROLE_CHANGED, f"{before.role} > {now.role}"
    if before.bcu_id != now.bcu_id:
        yield Kind.BCU_CHANGED, f"{_code(before)} > {_code(now)}"
    if before.email != now.email:
        yield Kind.EMAIL_CHANGED, ""
    if before.is_active != now.is_active:
        yield Kind.REACTIVATED, ""
    if before.leads_walks != now.leads_walks:
        yield (Kind.WALKS_ALLOWED if now.leads_walks else Kind.WALKS_FORBIDDEN), ""


def _code(officer: Officer) -> str:
    return officer.bcu.code if officer.bcu is not None else ""
