"""The page that shows how each BCU is staffed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from administration.staffing.queries import EVENINGS, checks_of_texts, staffing_of_teams


@require_safe
def overview(request: OfficerRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied
    teams, now = staffing_of_teams(), timezone.now()
    statements, help_contacts = checks_of_texts(now)
    context = {
        "teams": teams,
        "with_problem": sum(team.has_problem for team in teams),
        "evenings": EVENINGS,
        "statements": statements,
        "help_contacts": help_contacts,
        "now": now,
    }
    return render(request, "administration/staffing.html", context)
