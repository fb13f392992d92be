"""The page on which an administrator signs someone out everywhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from administration.person_page import PersonPage
from administration.sign_out.actions import sign_out_everywhere
from administration.sign_out.forms import SignOutForm
from boroughs.models.officers import Officer


class SignOutEverywherePage(PersonPage[SignOutForm]):
    form_class = SignOutForm
    template_name = "administration/sign_out.html"

    def decide(self, row: Officer, form: SignOutForm) -> HttpResponse:
        sign_out_everywhere(row, by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, f"{row.display_name} is signed out everywhere.")
        return self.back()

    def context(self, row: Officer, form: SignOutForm) -> dict[str, Any]:
        return {"person": row}
