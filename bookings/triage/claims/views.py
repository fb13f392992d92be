"""“Assign to me”, and what colleagues note for each other."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision
from bookings.triage.booking_page import run_booking_action
from bookings.triage.claims import actions
from bookings.triage.claims.forms import ClaimForm, RecordConcernForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@require_POST
def claim(request: OfficerRequest, pk: UUID) -> HttpResponse:
    take_it = partial(actions.claim_booking, claimed_by_id=ClaimForm.read(request.POST))
    return run_booking_action(request, pk, take_it, said="You have this now. Your colleagues see it in the list.")


@require_POST
def release_claim(request: OfficerRequest, pk: UUID) -> HttpResponse:
    said = "Put back: nobody has it now. Leave a note if your colleagues need one."
    return run_booking_action(request, pk, actions.release_claim, said=said)


@require_http_methods(["GET", "POST"])
def add_note(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    form = RecordConcernForm(posted_data(request))
    status = None
    if form.is_valid():
        try:
            actions.add_colleague_note(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Note saved for your colleagues.")
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/triage/add_note.html", form, status=status, booking=booking)
