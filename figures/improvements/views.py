"""Improvements that were made, in the words for the public, as a lead reads them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from feedback.models.improvements import Improvement
from figures.improvements.forms import PageForm
from figures.permissions import can_compare_bcus
from walkandtalk.lib.paging import get_cursor_row, get_page


@require_safe
def improvements_done(request: OfficerRequest) -> HttpResponse:
    """List improvements that were done, the newest first. Their words are for everyone, or wait for a lead."""
    if not can_compare_bcus(request.user):
        raise PermissionDenied
    done = Improvement.objects.in_figures_for(request.user)
    after = get_cursor_row(done, PageForm(request.GET).cursor)
    page = get_page(done.select_related("bcu", "borough"), by=["-done_date"], after=after)
    context = {"improvements": page.rows, "last": page.last, "is_first_page": after is None, "address": ""}
    return render(request, "figures/improvements.html", context)
