"""How people get a password that only they know: by invitation or by a reset (docs/rules.md#new-passwords)."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.force_sign_in.rules import has_password_of_use, may_use_password
from accounts.limits import RateLimit
from accounts.models import PasswordLink, RateCount, ResetRequest, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.new_passwords.emails import send_password_link, send_password_set, withdraw_links
from accounts.second_factor.tries import forget_wrong_second_steps
from accounts.security_log import find_account, record_security_event
from accounts.sessions.ending import end_access, lock_account
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

Purpose = PasswordLink.Purpose
HOUR = datetime.timedelta(hours=1)
LIFETIMES = {Purpose.INVITATION: datetime.timedelta(hours=72), Purpose.RESET: datetime.timedelta(minutes=30)}
CLOSED = "This account is closed. Let them sign in again first."
ACCEPTED = "They’ve chosen a password. If they forget it, they press “Forgotten your password?” on the sign-in page."


class TooManyResets(ActionError):
    """More requests from one network, or for one address, than one person could need."""


class LinkEnded(ActionError):
    """The link was used, replaced or ended while its page was open."""


@transaction.atomic
def invite(person: Officer, *, by: Officer) -> None:
    """Send a link with which the person chooses their first password and signs in. An earlier one ends."""
    require(by.is_staff)
    invited = lock_account(person)
    if not invited.is_active:
        raise TransitionNotAllowed(CLOSED)
    if has_password_of_use(invited):
        raise TransitionNotAllowed(ACCEPTED)
    _send_link(invited, Purpose.INVITATION, record_security_event(Kind.INVITED, officer=by, subject=invited))


def request_reset(email: str, *, network: str) -> None:
    """Record the request. A job finds out whether the address is anyone's, so the answer and its cost say nothing.

    The limits count the network and what was typed, and so say nothing either. Upper case first: PostgreSQL compares
    addresses so, and takes a few other letters for ours.
    """
    over = RateCount.objects.increment_all(
        network=RateLimit(f"reset from {network}", HOUR, settings.RESETS_PER_NETWORK_AN_HOUR),
        address=RateLimit(f"reset of {email.upper()}", HOUR, settings.RESETS_PER_ADDRESS_AN_HOUR),
    )
    if over:
        raise TooManyResets
    ResetRequest.objects.create(email=email)


@transaction.atomic
def answer_reset_request(request: ResetRequest) -> None:
    """Send a link to the work address of the active person who has this address, if there is one."""
    held = ResetRequest.objects.select_for_update(skip_locked=True).filter(pk=request.pk).first()
    if held is None:
        return
    account = find_account(held.email)
    held.delete()
    if account is None:
        return
    person = lock_account(account)
    event = record_security_event(Kind.RESET_ASKED, subject=person)
    if person.is_active and may_use_password(person):
        _send_link(person, Purpose.RESET, event)


@transaction.atomic
def choose_password(link: PasswordLink, hashed: str) -> Officer:
    """Save the hash of the password, and return the person. Use up the link, and end everything opened before.

    Of two presses at once, the second waits for the person's lock and finds no link.
    """
    person = lock_account(link.officer)
    if PasswordLink.objects.find(link.token_hmac, now=timezone.now()) is None:
        raise LinkEnded
    save_changes(person, password=hashed)
    end_access(person)
    forget_wrong_second_steps(person)
    PasswordLink.objects.filter(officer=person).delete()
    withdraw_links(person)
    send_password_set(person, record_security_event(Kind.PASSWORD_CHOSEN, officer=person, subject=person))
    return person


def _send_link(person: Officer, purpose: Purpose, event: SecurityEvent) -> None:
    """Make the link and send it. The caller holds the person's lock."""
    expires_at = timezone.now() + LIFETIMES[purpose]
    token = PasswordLink.objects.create_token(person, purpose, expires_at=expires_at)
    send_password_link(person, purpose, event, token=token, expires_at=expires_at)
