"""She would like other times, or another place to meet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.manage.other_times.forms import OtherTimesForm
from bookings.manage.page_access import requester_page_required
from bookings.models.bookings import Booking
from bookings.scheduling.preferred_times import actions
from bookings.statuses import Status
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@requester_page_required
@require_http_methods(["GET", "POST"])
def request_other_times(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """By the rules of asking. It goes back to the inspector, and what she has stands until it is answered."""
    if not booking.may_change_preferred_times(timezone.now()):
        return redirect("manage:page", token)
    form = OtherTimesForm(request.POST if request.method == "POST" else None, booking=booking, today=london.today())
    if form.is_valid():
        try:
            actions.request_other_times(booking, preferred_time=form.preferred_time())
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('manage:page', args=[token])}#other-times")
    stands = booking.walk if booking.status == Status.SCHEDULED else None
    return render_form(request, "bookings/manage/request_other_times.html", form, token=token, stands=stands)
