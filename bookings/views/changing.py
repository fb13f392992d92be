"""She would like other times, or another place to meet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.forms.other_times import OtherTimesForm
from bookings.models import Booking
from bookings.statuses import Status
from bookings.views.gate import her_page
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form


@her_page
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """By the rules of asking. It goes back to the inspector, and what she has stands until it is answered."""
    if not booking.may_change_wish(timezone.now()):
        return redirect("my_walk:page", token)
    form = OtherTimesForm(request.POST if request.method == "POST" else None, booking=booking, today=london.today())
    if form.is_valid():
        try:
            actions.change_wish(booking, wish=form.wish())
        except actions.BookingError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('my_walk:page', args=[token])}#other-times")
    stands = booking.walk if booking.status == Status.SCHEDULED else None
    return render_form(request, "bookings/returning/change.html", form, token=token, stands=stands)
