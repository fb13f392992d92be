"""The public pages on which anyone can tell us about a place in London."""

import time
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.notices.lock_screen import lock_screens
from bookings.request_form.actions import TooManyRequests, count_robot_press
from bookings.request_form.questions import Answer
from bookings.statuses import Channel
from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.bcus import Borough, Ward
from feedback.models.contacts import ReportContact
from feedback.place_reports.actions import PlaceReport, submit_place_report
from feedback.place_reports.forms import PlaceAreaForm, PlaceReportForm
from feedback.reports.forms import MapStart
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

SENT_SESSION_KEY = "report_sent_until"
SENT_PAGE_SECONDS = 30 * 60


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead danger to 999 and crime to 101 before anything is asked."""
    return render(request, "feedback/place_reports/start.html", {"lines": help_contacts_by_purpose()})


@login_not_required
@require_http_methods(["GET", "POST"])
def area(request: HttpRequest) -> HttpResponse:
    """Ask for the area, which says whose team reads it and with which map to begin."""
    form = PlaceAreaForm(request.POST if request.method == "POST" else None, answers={}, today=london.today())
    if form.is_bound and form.is_complete():
        answer = form.answer()
        if "ends_at" in answer:
            return _another_force(request, answer)
        borough = Borough.objects.get(gss=answer["borough"])
        ward = f"?ward={answer['ward']}" if answer["ward"] else ""
        return redirect(f"{reverse('tell_us:place', args=[borough.slug])}{ward}")
    status = 200 if request.method == "GET" else None
    return render_form(request, "feedback/place_reports/area.html", form, status=status, back=reverse("tell_us:start"))


def _another_force(request: HttpRequest, answer: Answer) -> HttpResponse:
    context = {"answer": answer, "lines": help_contacts_by_purpose(), "back": reverse("tell_us:area")}
    return render(request, "feedback/place_reports/another_force.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask everything else on one page. An error or a limit keeps all that she typed."""
    borough = get_object_or_404(Borough.objects.select_related("bcu"), slug=slug)
    if borough.bcu is None:
        return _another_force(request, {"ends_at": "city"})
    ward = Ward.objects.filter(borough=borough, gss=request.GET.get("ward", "")).first()
    data, start = request.POST if request.method == "POST" else None, MapStart.of_area(borough, ward)
    form = PlaceReportForm(data, map_start=start, now=timezone.now())
    status = None
    try:
        if form.is_valid():
            return _send(request, form, borough, ward)
        if form.is_refused_as_robot:
            count_robot_press(network=client_address(request))
    except TooManyRequests:
        form.add_error(None, _("We can’t take any more right now. Your answers are still here. Send them later"))
        status = 429
    context: dict[str, Any] = {
        "borough": borough,
        "back": reverse("tell_us:area"),
        "lines": help_contacts_by_purpose() if status else None,
    }
    return render_form(request, "feedback/place_reports/place.html", form, status=status, **context)


def _send(request: HttpRequest, form: PlaceReportForm, borough: Borough, ward: Ward | None) -> HttpResponse:
    sent = PlaceReport(borough=borough, ward=ward, told=form.report_submission(), contact=form.contact_choice())
    report = submit_place_report(sent, submission=form.submission_key, network=client_address(request))
    request.session[SENT_SESSION_KEY] = [str(report.pk), int(time.time()) + SENT_PAGE_SECONDS]
    return redirect("tell_us:sent")


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show her reference for half an hour, in the browser from which she sent it."""
    pk, until = request.session.get(SENT_SESSION_KEY, ("", 0))
    contacts = ReportContact.objects.select_related("report__borough__bcu").filter(erased_at=None)
    contact = contacts.filter(pk=pk).first() if until > time.time() else None
    if contact is None:
        return redirect("tell_us:start")
    discreet = lock_screens("place_report_received")[Channel.DISCREET]
    context: dict[str, Any] = {"contact": contact, "team": contact.report.team, "discreet": discreet}
    return render(request, "feedback/place_reports/sent.html", context)
