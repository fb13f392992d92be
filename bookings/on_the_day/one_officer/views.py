"""An inspector asks the women on a walk whether one officer will do, and writes down what one says on the phone."""

import uuid as uuid_module

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted
from bookings.notices.contact_preferences import phone_rules
from bookings.on_the_day.one_officer import actions as one_officer_actions
from bookings.on_the_day.one_officer.actions import answer_about_one
from bookings.on_the_day.one_officer.forms import SpokenAnswerForm
from bookings.on_the_day.walk_page import visible_walk, walk_page
from bookings.permissions import can_confirm_by_phone
from bookings.read_log import read_booking
from bookings.triage.forms import VersionForm
from bookings.triage.lookups import walk_to_change
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form


@require_POST
def ask_about_one(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = walk_to_change(request, uuid)
    try:
        one_officer_actions.ask_about_one(walk, by=request.user, version=VersionForm.read(request.POST))
    except BookingError as error:
        return walk_page(request, visible_walk(request, uuid), refused=error)
    messages.success(
        request,
        "Asked. Where she has no email from us she reads it on her page: ring her if she allows it. "
        "The walk stays on your list until she says yes.",
    )
    return redirect("on_the_day:walk", uuid)


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
            answer_about_one(question.booking, question=question.pk, will_do=form.will_do, told=request.user)
        except BookingError as error:
            return walk_page(request, visible_walk(request, uuid), refused=error)
        messages.success(request, "Noted. When all of them have said yes, each is sent everything again.")
        return redirect("on_the_day:walk", uuid)
    if request.method == "GET":
        read_booking(question.booking, by=request.user)
    booking, rules = question.booking, phone_rules(question.booking.contact)
    return render_form(request, "bookings/on_the_day/spoken_answer.html", form, walk=walk, booking=booking, rules=rules)
