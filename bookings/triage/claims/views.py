"""“I have this”, and what colleagues note for each other."""

import uuid as uuid_module
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted
from bookings.triage.booking_page import press
from bookings.triage.claims import actions as claims_actions
from bookings.triage.claims.actions import note_for_colleagues, take_booking
from bookings.triage.claims.forms import HadByForm, NoteForm
from bookings.triage.lookups import booking_to_decide
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form


@require_POST
def take(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    take_it = partial(take_booking, had_by=HadByForm.read(request.POST))
    return press(request, uuid, take_it, said="You have this now. Your colleagues see it in the list.")


@require_POST
def put_back(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    said = "Put back: nobody has it now. Leave a note if your colleagues need one."
    return press(request, uuid, claims_actions.put_back, said=said)


@require_http_methods(["GET", "POST"])
def note(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    form = NoteForm(posted(request))
    status = None
    if form.is_valid():
        try:
            note_for_colleagues(booking, by=request.user, **form.cleaned_data)
        except BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Note saved for your colleagues.")
            return redirect("triage:booking", uuid)
    return render_form(request, "bookings/triage/note.html", form, status=status, booking=booking)
