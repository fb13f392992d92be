"""Events that follow an answer of the force's provider (docs/rules.md#force-sign-in)."""

import datetime

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.emails import send_force_account_connected
from accounts.force_sign_in.conversation import ForceRefused
from accounts.force_sign_in.id_tokens import ForceIdentity
from accounts.force_sign_in.rules import is_break_glass
from accounts.limits import RateLimit
from accounts.models import REFUSED_BY_FORCE, RateCount, UnfinishedClosure
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_refusal_once, record_security_event
from accounts.sessions.ending import close_access, end_access, lock_account
from boroughs.models.officers import Officer
from walkandtalk.lib.force_sign_in import ForceSignIn
from walkandtalk.lib.rows import save_changes

LEAVERS = RateLimit("accounts closed by the force", datetime.timedelta(hours=1), 5)
"""More people than leave within an hour. Beyond it the provider is set up wrongly, and would close every account."""
LINK_ENDED = "This invitation has ended. Ask your administrator for another."


def admit(identity: ForceIdentity, force: ForceSignIn) -> Officer:
    """Return whose force account this is. Raise ForceRefused unless they may use the service, with a second factor.

    Someone who may not use it any more has left, so their account is closed at once.
    """
    officer = find_connected(identity, force)
    if officer is None:
        record_security_event(Kind.SIGN_IN_FAILED, change="not connected")
        raise ForceRefused("Your force account isn’t connected to this service. Ask your administrator to invite you.")
    if not officer.is_active:
        record_security_event(Kind.SIGN_IN_FAILED, subject=officer, change="closed")
        raise ForceRefused("Your account here is closed. If you’ve come back, ask your administrator.")
    if not identity.is_member:
        close_for_leaver(officer)
        raise ForceRefused(_not_member(force))
    if not identity.has_second_factor:
        record_security_event(Kind.SIGN_IN_FAILED, subject=officer, change="no second factor")
        raise ForceRefused(_no_second_factor(force))
    return officer


def find_connected(identity: ForceIdentity, force: ForceSignIn) -> Officer | None:
    """Return the person with this force account: by the provider's id alone, never by an address or a name."""
    found = SocialAccount.objects.filter(provider=force.issuer, uid=identity.uid).select_related("user__bcu").first()
    return found.user if found is not None else None


def close_for_leaver(officer: Officer) -> None:
    """Close the account of someone whom the force no longer lets in. A job then hands on what was theirs."""
    if RateCount.objects.take([LEAVERS], now=timezone.now()):
        record_refusal_once(Kind.LEAVERS_HELD, [LEAVERS])
        return
    with transaction.atomic():
        now = lock_account(officer)
        if not now.is_active:
            return
        close_access(now)
        event = record_security_event(Kind.DEACTIVATED, subject=now, change=REFUSED_BY_FORCE)
        UnfinishedClosure.objects.update_or_create(officer=now, defaults={"event": event})


@transaction.atomic
def connect_force_account(
    officer: Officer, identity: ForceIdentity, force: ForceSignIn, *, access_version: int
) -> Officer:
    """Connect the account of an invited person with their force account, and return them as they are then.

    It takes the place of a password and of an earlier force account, and ends everything that was open. Nothing of the
    token is kept but the id.
    """
    if not identity.is_member:
        raise ForceRefused(_not_member(force))
    if not identity.has_second_factor:
        raise ForceRefused(_no_second_factor(force))
    person = lock_account(officer)
    if not person.is_active or person.access_version != access_version:
        raise ForceRefused(LINK_ENDED)
    if is_break_glass(person):
        raise ForceRefused("The account for emergencies can’t have a force account. It’s there for when that fails.")
    account, _made = SocialAccount.objects.get_or_create(
        provider=force.issuer, uid=identity.uid, defaults={"user": person}
    )
    if account.user_id != person.pk:
        raise ForceRefused("This force account is connected to someone else’s account. Ask your administrator.")
    SocialAccount.objects.filter(user=person).exclude(pk=account.pk).delete()
    save_changes(person, password=make_password(None))
    end_access(person)
    event = record_security_event(Kind.FORCE_ACCOUNT_CONNECTED, officer=person, subject=person)
    send_force_account_connected(person, event)
    return person


def _not_member(force: ForceSignIn) -> str:
    return f"{force.name} says that you don’t use this service any more. If that’s wrong, ask your IT service desk."


def _no_second_factor(force: ForceSignIn) -> str:
    return f"{force.name} didn’t ask you for a second factor, such as a passkey or a code. Ask your IT service desk."
