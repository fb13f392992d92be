"""Admin pages that write the security log: who may sign in, and as what (docs/rules.md#security-log)."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.emails import send_role_changed
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from boroughs.admin import BoroughCommandUnitAdmin, OfficerAdmin
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer

IDENTITY = {"name", "rank", "acting", "shoulder_number"}
TEAM_CONTACT = {"inbox", "duty_number", "duty_hours", "text_number"}

admin.site.unregister([Officer, BoroughCommandUnit])
# An administrator must not give anyone a second factor or a sign-in of the force, nor take one away here.
admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])


class OfficerAdminWithLog(OfficerAdmin):
    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        before = lock_account(obj) if change else None
        if before is not None:
            _keep_what_was_ended(before, obj, form)
        super().save_model(request, obj, form, change)
        if before is not None and before.role != obj.role:
            end_access(obj)
        for kind, codes in _account_changes(before, obj):
            event = record_security_event(kind, officer=request.user, subject=obj, change=codes)  # type: ignore[arg-type]
            if before is not None and kind == Kind.ROLE_CHANGED:
                send_role_changed(obj, role_before=before.role, event=event)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        before = self._lock_password(id)
        response = super().user_change_password(request, id, form_url)
        if self._lock_password(id) != before:
            subject = Officer.objects.get(pk=unquote(id))
            end_access(subject)
            update_session_auth_hash(request, subject)  # she stays signed in herself
            record_security_event(Kind.PASSWORD_CHANGED, officer=request.user, subject=subject)  # type: ignore[arg-type]
        return response

    def _lock_password(self, id: str) -> str | None:  # noqa: A002
        """Return the hash of the password. Django then reads the row, and writes all of it a second later."""
        rows = Officer.objects.select_for_update(no_key=True).filter(pk=unquote(id))
        found: str | None = rows.values_list("password", flat=True).first()
        return found


def _keep_what_was_ended(before: Officer, now: Officer, form: Any) -> None:
    """Let a form that says nothing of it neither open a closed account nor bring an ended session back."""
    now.access_version, now.password, now.last_login = before.access_version, before.password, before.last_login
    if "is_active" not in form.changed_data:
        now.is_active = before.is_active


def _account_changes(before: Officer | None, now: Officer) -> Iterable[tuple[Kind, str]]:
    """Yield the kind of each change to an account, and from which code to which."""
    if before is None:
        yield Kind.ACCOUNT_CREATED, f"> {now.role}"
        return
    if before.role != now.role:
        yield Kind.ROLE_CHANGED, f"{before.role} > {now.role}"
    if before.bcu_id != now.bcu_id:
        yield Kind.BCU_CHANGED, f"{_code(before)} > {_code(now)}"
    if before.email != now.email:
        yield Kind.EMAIL_CHANGED, ""
    if before.is_active != now.is_active:
        yield (Kind.REACTIVATED if now.is_active else Kind.DEACTIVATED), ""
    if before.leads_walks != now.leads_walks:
        yield (Kind.WALKS_ALLOWED if now.leads_walks else Kind.WALKS_FORBIDDEN), ""
    if any(getattr(before, name) != getattr(now, name) for name in IDENTITY):
        yield Kind.ACCOUNT_CHANGED, ""


def _code(officer: Officer) -> str:
    return officer.bcu.code if officer.bcu is not None else ""


@admin.register(BoroughCommandUnit)
class BoroughCommandUnitAdminWithLog(BoroughCommandUnitAdmin):
    def save_model(self, request: HttpRequest, obj: BoroughCommandUnit, form: Any, change: bool) -> None:
        before = BoroughCommandUnit.objects.filter(pk=obj.pk).select_related("nominated_inspector").first()
        super().save_model(request, obj, form, change)
        nominated_before = before.nominated_inspector if before is not None else None
        if nominated_before != obj.nominated_inspector:
            for kind, who in ((Kind.NOMINATION_ENDED, nominated_before), (Kind.NOMINATED, obj.nominated_inspector)):
                if who is not None:
                    record_security_event(kind, officer=request.user, subject=who, change=obj.code)  # type: ignore[arg-type]
        if TEAM_CONTACT & set(form.changed_data):
            record_security_event(Kind.TEAM_CONTACT_CHANGED, officer=request.user, change=obj.code)  # type: ignore[arg-type]
