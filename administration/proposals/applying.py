"""Carrying out one change that two administrators agreed to, with a notice for everyone whom it concerns."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.models import SecurityEventKind
from accounts.new_passwords.actions import invite
from accounts.second_factor.tries import forget_wrong_second_steps
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from administration.account_changes import change_account
from administration.admin_history import record_in_history
from administration.left_behind import nominated_for
from administration.models import ProposedChange
from administration.proposals.validation import check
from administration.proposals.values import Line, Reader, fields, is_unchanged
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.rows import save_changes

Kind = ProposedChange.Kind


@dataclass(frozen=True)
class Notice:
    """A change that was made, and the addresses to tell."""

    about: str
    lines: list[Line]
    addresses: set[str]


def apply(change: ProposedChange, *, by: Officer, reader: Reader) -> Notice:
    """Carry out the change, and return whom to tell of it. The caller holds the locks of the proposal and its people.

    Raise ActionError if the account, team or borough is no longer as it was when the change was proposed.
    """
    if change.subject is not None:
        change.subject.refresh_from_db()
        if not is_unchanged(change.subject, change.before):  # also if it is someone else's name by now
            raise ActionError(
                f"{change.about} has changed since this was proposed. Refuse it, and have it proposed again."
            )
    check(change)
    about = change.about
    addresses = APPLY[change.kind](change, by)
    _record_in_history(change, by=by)
    return Notice(about, reader.lines(change.before, change.after, change.labels) or [SECOND_FACTOR_LINE], addresses)


SECOND_FACTOR_LINE = Line("Password and second factors", "", "removed, with an invitation to start again")


def _record_in_history(change: ProposedChange, *, by: Officer) -> None:
    assert change.subject is not None  # noqa: S101  # a new account has been made by now
    is_new = change.kind == Kind.NEW_ACCOUNT
    names = change.after or [SECOND_FACTOR_LINE.label]
    labels = [change.labels.get(name, name) for name in names]
    record_in_history(change.subject, labels, by=by, is_new=is_new, proposed_by=change.proposal.asked_by)


def _make_account(change: ProposedChange, by: Officer) -> set[str]:
    account = Officer(**fields(change.after))
    account.set_unusable_password()
    account.save()
    save_changes(change, person=account)
    record_security_event(SecurityEventKind.ACCOUNT_CREATED, officer=by, subject=account, change=f"> {account.role}")
    invite(account, by=by)
    return _inboxes(account.bcu)


def _change_account(change: ProposedChange, by: Officer) -> set[str]:
    before = lock_account(change.person)  # type: ignore[arg-type]
    nominated = nominated_for(before)
    now = change_account(before, by=by, **fields(change.after))
    ended = [bcu for bcu in nominated if not now.can_be_nominated_for(bcu)]
    # The address of before has a message of its own (`send_address_changed`).
    return {now.email} | _inboxes(before.bcu, now.bcu, *ended)


def _start_again(change: ProposedChange, by: Officer) -> set[str]:
    """Take away the password too, and send an invitation: a password alone must not open the account."""
    person = lock_account(change.person)  # type: ignore[arg-type]
    person.set_unusable_password()
    save_changes(person, password=person.password)
    Authenticator.objects.filter(user=person).delete()
    end_access(person)
    forget_wrong_second_steps(person)
    record_security_event(SecurityEventKind.FACTOR_RESET, officer=by, subject=person)
    invite(person, by=by)
    return {person.email}


def _change_team(change: ProposedChange, by: Officer) -> set[str]:
    """Save how the team is reached, and who decides on what is kept from it. The inspector who is replaced is told."""
    bcu = change.subject
    assert isinstance(bcu, BoroughCommandUnit)  # noqa: S101  # a constraint says so
    inbox, replaced = bcu.inbox, bcu.nominated_inspector
    save_changes(bcu, **fields(change.after))
    if {"inbox", "duty_number", "text_number"} & set(change.after):
        record_security_event(SecurityEventKind.TEAM_CONTACT_CHANGED, officer=by, change=bcu.code)
    if "nominated_inspector" not in change.after:
        return {inbox, bcu.inbox}
    people = [(SecurityEventKind.NOMINATION_ENDED, replaced), (SecurityEventKind.NOMINATED, bcu.nominated_inspector)]
    concerned = [(kind, person) for kind, person in people if person is not None]
    for kind, person in concerned:
        record_security_event(kind, officer=by, subject=person, change=bcu.code)
    return {inbox, bcu.inbox, *(person.email for _kind, person in concerned)}


def _change_borough(change: ProposedChange, by: Officer) -> set[str]:
    borough = change.subject
    assert isinstance(borough, Borough)  # noqa: S101  # a constraint says so
    before = borough.bcu
    save_changes(borough, **fields(change.after))
    codes = f"{before.code if before else ''} > {borough.bcu.code if borough.bcu else ''}"
    record_security_event(SecurityEventKind.BOROUGH_MOVED, officer=by, change=codes)
    return _inboxes(before, borough.bcu)


def _change_partner(change: ProposedChange, by: Officer) -> set[str]:
    """Save how the partner is reached. Their inbox isn't told, because nobody outside reads what staff do."""
    partner = change.partner
    assert partner is not None  # noqa: S101  # a constraint says so
    save_changes(partner, **fields(change.after))
    record_security_event(SecurityEventKind.PARTNER_CONTACT_CHANGED, officer=by, change=str(partner.pk))
    return {partner.owner.email} if partner.owner is not None else set()


def _inboxes(*bcus: BoroughCommandUnit | None) -> set[str]:
    return {bcu.inbox for bcu in bcus if bcu is not None}


APPLY: dict[str, Callable[[ProposedChange, Officer], set[str]]] = {
    Kind.NEW_ACCOUNT: _make_account,
    Kind.ACCOUNT: _change_account,
    Kind.REOPENING: _change_account,
    Kind.SECOND_FACTOR: _start_again,
    Kind.TEAM: _change_team,
    Kind.BOROUGH: _change_borough,
    Kind.PARTNER: _change_partner,
}
