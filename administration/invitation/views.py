"""The page on which an administrator sends an invitation again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone

from accounts.force_sign_in.rules import has_password_of_use
from accounts.new_passwords.actions import invite
from accounts.new_passwords.invitations import LastInvitation
from administration.invitation.forms import SendAgainForm
from administration.person_page import PersonPage
from boroughs.models.officers import Officer


class SendAgainPage(PersonPage[SendAgainForm]):
    form_class = SendAgainForm
    template_name = "administration/invitation.html"

    def is_closed(self, row: Officer) -> bool:
        return not row.is_active or has_password_of_use(row)

    def why_closed(self, row: Officer) -> str:
        return "They’ve already chosen a password." if row.is_active else super().why_closed(row)

    def decide(self, row: Officer, form: SendAgainForm) -> HttpResponse:
        invite(row, by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, f"An invitation is on its way to {row.email}. Its link works for 72 hours.")
        return self.back()

    def context(self, row: Officer, form: SendAgainForm) -> dict[str, Any]:
        return {"person": row, "last": LastInvitation.of(row, now=timezone.now())}
