"""An inspector asks the women on a walk whether one officer will do, and writes down what one says on the phone."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_walk_for_change
from bookings.notices.contact_preferences import phone_rules
from bookings.on_the_day.one_officer import actions
from bookings.on_the_day.one_officer.forms import SpokenAnswerForm
from bookings.on_the_day.walk_page import get_visible_walk, walk_page
from bookings.permissions import can_confirm_by_phone
from bookings.read_log import record_booking_read
from bookings.triage.forms import VersionForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@require_POST
def ask_about_one_officer(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk = get_walk_for_change(request, pk)
    try:
        actions.ask_about_one_officer(walk, by=request.user, version=VersionForm.read(request.POST))
    except ActionError as error:
        return walk_page(request, get_visible_walk(request, pk), refused=error)
    messages.success(
        request,
        "Asked. Where she has no email from us she reads it on her page: ring her if she allows it. "
        "The walk stays on your list until she says yes.",
    )
    return redirect("on_the_day:walk", pk)


@require_http_methods(["GET", "POST"])
def record_one_officer_answer(request: OfficerRequest, pk: UUID, question_pk: UUID) -> HttpResponse:
    """She says it on the phone to whoever rang the number that she gave."""
    walk = get_walk_for_change(request, pk)
    questions = walk.one_officer_questions.select_related("booking__contact", "booking__bcu")
    question = get_object_or_404(questions, pk=question_pk)
    if not can_confirm_by_phone(request.user, question.booking):
        raise PermissionDenied
    form = SpokenAnswerForm(posted_data(request))
    if form.is_valid():
        try:
            actions.answer_one_officer_question(
                question.booking, question=question.pk, will_do=form.will_do, recorded_by=request.user
            )
        except ActionError as error:
            return walk_page(request, get_visible_walk(request, pk), refused=error)
        messages.success(request, "Noted. When all of them have said yes, each is sent everything again.")
        return redirect("on_the_day:walk", pk)
    if request.method == "GET":
        record_booking_read(question.booking, by=request.user)
    booking, rules = question.booking, phone_rules(question.booking.contact)
    return render_form(
        request, "bookings/on_the_day/record_one_officer_answer.html", form, walk=walk, booking=booking, rules=rules
    )
