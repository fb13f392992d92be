"""Adding people. An officer can be added by one administrator, and everything that gives power needs two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import SecurityEventKind
from accounts.new_passwords.actions import invite
from accounts.security_log import record_security_event
from accounts.sessions.ending import lock_account
from administration.admin_history import record_in_history
from administration.emails import send_identity_changed
from administration.models import Proposal, ProposedChange
from administration.proposals.actions import Change, propose
from administration.proposals.values import Values, fields
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walkandtalk.lib.rows import save_changes

Kind = ProposedChange.Kind
IDENTITY = frozenset({"name", "rank", "acting", "shoulder_number"})
"""Fields by which a requester or a colleague knows someone, so the security log has a line of each change."""


@dataclass(frozen=True)
class Added:
    """Officers who have an invitation, and what waits for another administrator, if anything does."""

    officers: list[Officer]
    proposal: Proposal | None


@transaction.atomic
def add_people(people: Sequence[Values], *, by: Officer, reason: str, besides: Sequence[Change] = ()) -> Added:
    """Add officers and invite them. Propose who leads walks, and everyone with another role.

    Each of `people` has at least the fields `email`, `name`, `role` and `leads_walks`, which the caller has checked.
    Changes `besides` these become part of the same proposal.
    """
    require(by.is_staff)
    officers, changes = [], list(besides)
    for values in people:
        if values["role"] != Officer.Role.OFFICER:
            changes.append(Change(kind=Kind.NEW_ACCOUNT, after=values))
            continue
        officer = _add_officer(values, by=by)
        officers.append(officer)
        if values["leads_walks"]:
            changes.append(Change(kind=Kind.ACCOUNT, subject=officer, after={"leads_walks": True}))
    return Added(officers, propose(changes, by=by, reason=reason) if changes else None)


@transaction.atomic
def change_details(person: Officer, values: Mapping[str, object], *, by: Officer) -> None:
    """Save fields that give no power. A new name or number is told to the person and the team, with the one before.

    It is the name that a woman reads on her card, and the name that another administrator agrees to.
    """
    require(by.is_staff)
    before = lock_account(person)
    if not before.is_active:
        raise ActionError("This account is closed. Let them sign in again first.")
    save_changes(person, **values)
    if before.display_name != person.display_name or IDENTITY & set(values):
        event = record_security_event(SecurityEventKind.ACCOUNT_CHANGED, officer=by, subject=person)
        send_identity_changed(before, person, event)


def _add_officer(values: Values, *, by: Officer) -> Officer:
    officer = Officer(**fields({**values, "leads_walks": False}))
    officer.set_unusable_password()
    officer.save()
    record_security_event(SecurityEventKind.ACCOUNT_CREATED, officer=by, subject=officer, change=f"> {officer.role}")
    record_in_history(officer, (), by=by, is_new=True)
    invite(officer, by=by)
    return officer
