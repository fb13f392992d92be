"""The search through the read log, which is the auditor's first page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from audit.permissions import can_audit
from audit.search.forms import AskedForm, LooksSearchForm, search_address
from audit.search.listing import search_listing
from walkandtalk.lib.govuk.pages import render_form


@require_http_methods(["GET", "POST"])
def overview(request: OfficerRequest) -> HttpResponse:
    """Show the looks that the address asks for, newest first. A POST finds people and a booking, and leads there."""
    if not can_audit(request.user):
        raise PermissionDenied
    asked = AskedForm(request.GET, user=request.user)
    form = LooksSearchForm(posted_data(request), user=request.user, initial=asked.typed())
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('audit:overview')}{'?' if form.address else ''}{form.address}")
    page = search_listing(request.user, asked).page(request.GET.get("after", ""))
    shown = asked.booking_asked_for, asked.address.partition("day=")[2]
    narrowed = [(person, search_address([person], *shown)) for person in asked.people]
    return render_form(
        request,
        "audit/search/overview.html",
        form,
        asked=asked,
        people=narrowed,
        page=page,
        address=asked.address,
        part="looks",
    )
