"""Pages on which a requester writes to professional standards about an officer. Her page never shows that she did."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bookings.models.bookings import Booking
from boroughs.help_contacts import help_contacts_by_purpose
from feedback.conduct.actions import report_conduct
from feedback.conduct.forms import ConductForm
from feedback.reports.views import ReportPage, requester_link_required

SENT_SESSION_KEY = "conduct_report_sent"


class ConductPage(ReportPage[ConductForm]):
    form_class = ConductForm
    template_name = "feedback/conduct/conduct.html"

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        """Name only those outside if there is no inbox, because we never say that we send what we don't."""
        if settings.CONDUCT_INBOX:
            return None
        return render(self.request, "feedback/conduct/elsewhere.html", _other_ways(self.token))

    def get_form(self, booking: Booking) -> ConductForm:
        return ConductForm(self.posted(), is_discreet=self.request.discreet)  # type: ignore[attr-defined]

    def context(self, booking: Booking, form: ConductForm) -> dict[str, Any]:
        return _other_ways(self.token)

    def decide(self, booking: Booking, form: ConductForm) -> HttpResponse:
        report_conduct(booking, form.report(), submission=form.submission_key)
        self.request.session[SENT_SESSION_KEY] = True
        return redirect("feedback:conduct_sent", token=self.token)


@requester_link_required
@require_safe
def conduct_sent(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """Say once that it was sent. Whoever opens this address later finds the form, and no sign of what was sent."""
    if not request.session.pop(SENT_SESSION_KEY, False):
        return redirect("feedback:conduct", token=token)
    return render(request, "feedback/conduct/sent.html", _other_ways(token))


def _other_ways(token: str) -> dict[str, Any]:
    return {"token": token, "helplines": help_contacts_by_purpose()}
