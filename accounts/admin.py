"""Admin pages that write the security log: who may sign in, and as what (docs/rules.md#security-log)."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.emails import send_address_changed, send_role_changed
from accounts.force_sign_in.rules import has_way_in, is_break_glass_email
from accounts.models import SecurityEventKind as Kind
from accounts.new_passwords.actions import invite
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


class OfficerForm(forms.ModelForm):
    """Lets nobody become the account for emergencies, or take its place, by a change of address."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        is_taken, was_taken = is_break_glass_email(email), is_break_glass_email(self.instance.email)
        if is_taken and not was_taken:
            raise ValidationError("Enter another address. This one is kept for the account for emergencies.")
        if was_taken and not is_taken:
            raise ValidationError("Leave this address as it is. It belongs to the account for emergencies.")
        return email


class OfficerAdminWithLog(OfficerAdmin):
    form = OfficerForm

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        before = lock_account(obj) if change else None
        if before is not None:
            _keep_what_was_ended(before, obj, form)
        super().save_model(request, obj, form, change)
        if before is not None and (before.role, before.email) != (obj.role, obj.email):
            end_access(obj)
        for kind, codes in _account_changes(before, obj):
            event = record_security_event(kind, officer=request.user, subject=obj, change=codes)  # type: ignore[arg-type]
            if before is not None and kind == Kind.ROLE_CHANGED:
                send_role_changed(obj, role_before=before.role, event=event)
            if before is not None and kind == Kind.EMAIL_CHANGED:
                send_address_changed(obj, address_before=before.email, event=event)
        if _needs_invitation(before, obj):
            invite(obj, by=request.user)  # type: ignore[arg-type]
            messages.success(request, f"An invitation is on its way to {obj.email}. Its link works for 72 hours.")


def _needs_invitation(before: Officer | None, now: Officer) -> bool:
    """Return whether to send an invitation: to someone new, or because this change has ended the one before."""
    if not now.is_active or has_way_in(now):
        return False
    return before is None or (before.email, before.role, before.is_active) != (now.email, now.role, now.is_active)


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
