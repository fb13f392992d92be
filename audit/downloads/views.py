"""The page that asks why before it gives an auditor a file."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from audit.downloads.actions import MOST_LINES, export_lines
from audit.downloads.forms import DownloadForm
from audit.listings import Listing
from audit.permissions import can_audit
from audit.reports.bcus import every_bcu
from audit.reports.catalogue import REPORTS, Asked
from audit.reports.forms import ReportForm
from audit.search.forms import AskedForm
from audit.search.listing import search_listing
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form

LOOKS = "looks"
"""The code of the search. The others are those of reports."""


@require_http_methods(["GET", "POST"])
def download(request: OfficerRequest, code: str) -> HttpResponseBase:
    """Ask for the reason, then send the lines that the page above shows."""
    if not can_audit(request.user):
        raise PermissionDenied
    listing, address = _listing(request, code)
    form = DownloadForm(posted_data(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        pieces = export_lines(listing, reason=reason, route=f"audit:download {code}", by=request.user)
        return _file(pieces, name=f"audit-{code}-{london.today():%Y-%m-%d}.csv")
    page = reverse("audit:overview") if code == LOOKS else reverse("audit:report", args=[code])
    count = listing.count(most=MOST_LINES + 1)
    return render_form(
        request,
        "audit/downloads/download.html",
        form,
        name="Looks" if code == LOOKS else REPORTS[code].name,
        back=f"{page}?{address}" if address else page,
        count=min(count, MOST_LINES),
        is_cut=count > MOST_LINES,
        part="looks" if code == LOOKS else "reports",
    )


def _listing(request: OfficerRequest, code: str) -> tuple[Listing, str]:
    """Return the lines that the address asks for, and its query string."""
    if code == LOOKS:
        asked = AskedForm(request.GET, user=request.user)
        return search_listing(request.user, asked), asked.address
    if code not in REPORTS:
        raise Http404
    form = ReportForm(request.GET, bcus=every_bcu(), today=london.today())
    return REPORTS[code].make(Asked(request.user, form.period_asked_for, form.bcu_asked_for)), form.address


def _file(pieces: Iterator[str], *, name: str) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
