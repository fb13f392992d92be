"""An inspector asks the women on a walk whether one officer will do, and writes down what one says on the phone."""

import uuid as uuid_module

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from bookings import actions
from bookings.forms.staff.one_officer import SpokenAnswerForm
from bookings.forms.staff.versions import VersionForm
from bookings.permissions import can_confirm_by_phone
from bookings.reaching import phone_rules
from bookings.views.staff.finding import posted, walk_to_change
from bookings.views.staff.walk_page import visible_walk, walk_page
from boroughs.requests import OfficerRequest
from walkandtalk.lib.govuk.pages import render_form


@require_POST
def ask_about_one(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = walk_to_change(request, uuid)
    try:
        actions.ask_about_one(walk, by=request.user, version=VersionForm.read(request.POST))
    except actions.BookingError as error:
        return walk_page(request, visible_walk(request, uuid), refused=error)
    messages.success(
        request,
        "Asked. Where she has no email from us she reads it on her page: ring her if she allows it. "
        "The walk stays on your list until she says yes.",
    )
    return redirect("staff:walk", uuid)


@require_http_methods(["GET", "POST"])
def spoken_answer(request: OfficerRequest, uuid: uuid_module.UUID, question_uuid: uuid_module.UUID) -> HttpResponse:
    """She says it on the phone to whoever rang the number that she gave."""
    walk = walk_to_change(request, uuid)
    questions = walk.one_officer_questions.select_related("booking__contact", "booking__bcu")
    question = get_object_or_404(questions, pk=question_uuid)
    if not can_confirm_by_phone(request.user, question.booking):
        raise PermissionDenied
    form = SpokenAnswerForm(posted(request))
    if form.is_valid():
        try:
            actions.answer_about_one(question.booking, question=question.pk, will_do=form.will_do, told=request.user)
        except actions.BookingError as error:
            return walk_page(request, visible_walk(request, uuid), refused=error)
        messages.success(request, "Noted. When all of them have said yes, each is sent everything again.")
        return redirect("staff:walk", uuid)
    if request.method == "GET":
        actions.read_booking(question.booking, by=request.user)
    booking, rules = question.booking, phone_rules(question.booking.contact)
    return render_form(request, "bookings/staff/spoken_answer.html", form, walk=walk, booking=booking, rules=rules)
