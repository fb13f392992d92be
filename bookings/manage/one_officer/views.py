"""She says whether one officer will do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookings.manage.one_officer.forms import YES, OneOfficerForm
from bookings.manage.page_access import requester_page_required
from bookings.manage.views import show_page
from bookings.models.bookings import Booking
from bookings.on_the_day.one_officer.actions import answer_one_officer_question
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@requester_page_required
@require_http_methods(["GET", "POST"])
def one_officer(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    question = booking.one_officer_questions.open().first()
    if question is None and request.method != "POST":
        return redirect("manage:page", token)
    asked = {"of": question.pk if question else None}
    form = OneOfficerForm(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_valid():
        try:
            will_do = form.cleaned_data["answer"] == YES
            answer_one_officer_question(booking, question=form.cleaned_data["of"], will_do=will_do)
        except ActionError as error:
            return show_page(request, booking, token, refused=error)
        return redirect("manage:page", token)
    return render_form(request, "bookings/manage/one_officer.html", form, booking=booking, token=token)
