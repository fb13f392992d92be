"""Changes to a person’s second factors. Each ends their other sessions, is logged, and is announced to them."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.second_factor.emails import (
    send_factor_added,
    send_factor_removed,
    send_recovery_code_used,
    send_recovery_codes_made,
)
from accounts.second_factor.state import FACTORS, count_recovery_codes, has_second_factor
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require

Type = Authenticator.Type
ONE_APP = "You added an authenticator app before you pressed. Remove it first if you want another."
CHANGED_MEANWHILE = "Check how you sign in, then try again if something is missing. It changed just before you pressed."
LAST_ONE = "You need a second factor to sign in, and this is your last one. Add another before you remove it."


@transaction.atomic
def add_passkey(officer: Officer, *, name: str, credential: dict[str, object]) -> Officer:
    """Save the passkey, with recovery codes if there are none, and return the person as they are now."""
    now = _lock(officer)
    WebAuthn.add(now, name, credential)
    return _added(now, Type.WEBAUTHN)


@transaction.atomic
def add_app(officer: Officer, *, secret: str, code: str) -> Officer:
    """Save the app, with recovery codes if there are none, and return the person as they are now.

    The code has shown that the app works. It can't be used again to sign in.
    """
    now = _lock(officer)
    if Authenticator.objects.filter(user=now, type=Type.TOTP).exists():
        raise TransitionNotAllowed(ONE_APP)
    TOTP.activate(now, secret).validate_code(code)
    return _added(now, Type.TOTP)


@transaction.atomic
def rename_passkey(passkey: Authenticator, *, name: str) -> None:
    row = Authenticator.objects.select_for_update(no_key=True).get(pk=passkey.pk)
    row.wrap().name = name
    row.save(update_fields=["data"])


@transaction.atomic
def remove_factor(officer: Officer, factor: Authenticator) -> Officer:
    """Remove a passkey or the app, and the recovery codes with the last of them. Return the person as they are now."""
    now = _lock(officer)
    others = Authenticator.objects.filter(user=now, type__in=FACTORS).exclude(pk=factor.pk)
    if settings.REQUIRE_SECOND_FACTOR and not others.exists():
        raise ActionError(LAST_ONE)
    Authenticator.objects.filter(user=now, pk=factor.pk, type__in=FACTORS).delete()
    if not has_second_factor(now):
        Authenticator.objects.filter(user=now).delete()
    end_access(now)
    send_factor_removed(now, factor.type, _record(Kind.FACTOR_REMOVED, now, factor.type))
    return now


@transaction.atomic
def make_recovery_codes(officer: Officer) -> Officer:
    """Replace the recovery codes, so that the ones before open nothing. Return the person as they are now."""
    now = _lock(officer)
    require(has_second_factor(now))
    Authenticator.objects.filter(user=now, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(now)
    end_access(now)
    send_recovery_codes_made(now, _record(Kind.RECOVERY_CODES_MADE, now))
    return now


@transaction.atomic
def note_if_recovery_code(officer: Officer, used: Authenticator) -> None:
    """Tell the person if it was a recovery code, because someone may have found them. Checking it has used it up."""
    if used.type != Type.RECOVERY_CODES:
        return
    event = _record(Kind.RECOVERY_CODE_USED, officer)
    send_recovery_code_used(officer, event, left=count_recovery_codes(officer))


def _lock(officer: Officer) -> Officer:
    """Lock the person. If their access has ended meanwhile, this session must change nothing.

    It may have ended by another press of theirs at the same moment, so that is no forbidden look.
    """
    now = lock_account(officer)
    require(now.is_active)
    if now.access_version != officer.access_version:
        raise TransitionNotAllowed(CHANGED_MEANWHILE)
    return now


def _added(officer: Officer, factor: str) -> Officer:
    if not Authenticator.objects.filter(user=officer, type=Type.RECOVERY_CODES).exists():
        RecoveryCodes.activate(officer)
        _record(Kind.RECOVERY_CODES_MADE, officer)
    end_access(officer)
    send_factor_added(officer, factor, _record(Kind.FACTOR_ADDED, officer, factor))
    return officer


def _record(kind: Kind, officer: Officer, change: str = "") -> SecurityEvent:
    return record_security_event(kind, officer=officer, subject=officer, change=change)
