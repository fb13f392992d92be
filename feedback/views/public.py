"""She tells us what worried her, by the link in a message or from her own page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings.models import Booking, Link
from bookings.statuses import Status
from bookings.views.gate import opened_by_link
from feedback import actions
from feedback.forms import TellUsForm
from feedback.models import Concern
from feedback.permissions import can_tell_us
from walkandtalk.lib.govuk.pages import render_form

her_link = opened_by_link(Link.Purpose.TELL_US, Link.Purpose.PAGE)


@her_link
@require_http_methods(["GET", "POST"])
def tell_us(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if not can_tell_us(booking):
        raise Http404
    form = TellUsForm(request.POST if request.method == "POST" else None, walked=booking.status == Status.COMPLETED)
    if form.is_valid():
        actions.tell_us(booking, form.told(), submission=form.cleaned_data["submission"])
        return redirect("feedback:thanks", token=token)
    told = Concern.objects.told_about(booking)
    return render_form(request, "feedback/tell_us.html", form, told=told)


@her_link
@require_safe
def thanks(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    return render(request, "feedback/thanks.html", {"booking": booking, "token": token})
