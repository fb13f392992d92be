"""The auditor's reports: a list of them, and a page of each."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from audit.permissions import can_audit
from audit.reports.bcus import every_bcu
from audit.reports.catalogue import REPORTS, Asked
from audit.reports.forms import ReportForm
from walkandtalk.lib import london


@require_safe
def reports(request: OfficerRequest) -> HttpResponse:
    if not can_audit(request.user):
        raise PermissionDenied
    return render(request, "audit/reports/reports.html", {"reports": REPORTS.values(), "part": "reports"})


@require_safe
def report(request: OfficerRequest, code: str) -> HttpResponse:
    if not can_audit(request.user):
        raise PermissionDenied
    if code not in REPORTS:
        raise Http404
    form = ReportForm(request.GET, bcus=every_bcu(), today=london.today())
    asked = Asked(request.user, form.period_asked_for, form.bcu_asked_for)
    context = {
        "report": REPORTS[code],
        "form": form,
        "page": REPORTS[code].make(asked).page(request.GET.get("after", "")),
        "address": form.address,
        "part": "reports",
    }
    return render(request, "audit/reports/report.html", context)
