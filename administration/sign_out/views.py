"""The page on which an administrator signs someone out everywhere."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from administration.sign_out.actions import sign_out_everywhere
from administration.sign_out.forms import SignOutForm
from bookings.decisions.flow import DecisionPage
from boroughs.models.officers import Officer


class SignOutEverywherePage(DecisionPage[Officer, SignOutForm]):
    form_class = SignOutForm
    template_name = "administration/sign_out.html"

    def find(self) -> Officer:
        if not self.request.user.is_staff:
            raise PermissionDenied
        people = Officer.objects.in_administration_for(self.request.user).select_related("bcu")
        person: Officer = get_object_or_404(people, pk=self.kwargs["pk"])
        return person

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_officer_change", self.kwargs["pk"])

    def is_closed(self, row: Officer) -> bool:
        return not row.is_active

    def decide(self, row: Officer, form: SignOutForm) -> HttpResponse:
        sign_out_everywhere(row, by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, f"{row.display_name} is signed out everywhere.")
        return self.back()

    def context(self, row: Officer, form: SignOutForm) -> dict[str, Any]:
        return {"person": row}
