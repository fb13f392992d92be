"""Pages on which officers and their inspectors say that an officer is not available for walks."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from bookings.decisions.flow import DecisionButton, DecisionPage
from bookings.decisions.pages import StaffDecision
from bookings.on_the_day.unavailability import actions
from bookings.on_the_day.unavailability.forms import NotAvailableForm
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walks.permissions import can_set_duty


class OfficersDuty(StaffDecision[Officer]):
    """A decision opened from the page of one officer's duty."""

    def find(self) -> Officer:
        visible = Officer.objects.visible_to(self.request.user).select_related("bcu")
        officer: Officer = get_object_or_404(visible, pk=self.pk)
        if not can_set_duty(self.request.user, officer):
            raise PermissionDenied
        return officer

    def back(self) -> HttpResponseRedirect:
        return redirect("walks:officer_duties", self.pk)


class NotAvailablePage(OfficersDuty, DecisionPage[Officer, NotAvailableForm]):
    form_class = NotAvailableForm
    template_name = "bookings/on_the_day/not_available.html"

    def is_closed(self, officer: Officer) -> bool:
        return not officer.is_available

    def context(self, officer: Officer, form: NotAvailableForm) -> dict[str, Any]:
        return {"officer": officer, "is_herself": officer == self.request.user}

    def decide(self, officer: Officer, form: NotAvailableForm) -> HttpResponse:
        actions.mark_not_available(officer, by=self.request.user)
        if officer == self.request.user:
            return self.done("You’re not available for walks now.")
        return self.done(f"{officer.display_name}, is not available for walks now.")


class AvailableAgainButton(OfficersDuty, DecisionButton[Officer]):
    def press(self, officer: Officer) -> HttpResponse:
        if actions.mark_available_again(officer, by=self.request.user):
            return self.done(f"{officer.display_name}, is available for walks again.")
        text = f"Saved. {officer.display_name}, is still not available, because someone else entered it too."
        messages.warning(self.request, text)
        return self.back()

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()
