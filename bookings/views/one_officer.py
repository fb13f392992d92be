"""She says whether one officer will do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.forms.one_officer import YES, OneOfficerForm
from bookings.models import Booking
from bookings.views.gate import her_page
from bookings.views.returning import show_page
from walkandtalk.lib.govuk.pages import render_form


@her_page
@require_http_methods(["GET", "POST"])
def one_officer(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    question = booking.one_officer_questions.open().first()
    if question is None and request.method != "POST":
        return redirect("my_walk:page", token)
    asked = {"of": question.pk if question else None}
    form = OneOfficerForm(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_valid():
        try:
            will_do = form.cleaned_data["answer"] == YES
            actions.answer_about_one(booking, question=form.cleaned_data["of"], will_do=will_do)
        except actions.BookingError as error:
            return show_page(request, booking, token, refused=error)
        return redirect("my_walk:page", token)
    return render_form(request, "bookings/returning/one_officer.html", form, booking=booking, token=token)
