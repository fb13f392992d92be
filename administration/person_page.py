"""The way to a person and back that the pages about one account share."""

from typing import Generic, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from bookings.decisions.flow import DecisionPage
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm

Form = TypeVar("Form", bound=PageForm)


class PersonPage(DecisionPage[Officer, Form], Generic[Form]):
    """A decision of an administrator about one person's account."""

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

    def why_closed(self, row: Officer) -> str:
        """Return the sentence that says why this page has nothing to do."""
        return "This account is closed."

    def turn_away(self, row: Officer) -> HttpResponse | None:
        """Say why, on the page of the person."""
        elsewhere = super().turn_away(row)
        if elsewhere is not None:
            messages.info(self.request, self.why_closed(row))
        return elsewhere
