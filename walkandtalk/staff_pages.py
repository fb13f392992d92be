"""Staff pages that belong to no app: where each role begins, its guide, and an administrator's first page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest, allow_idle_session
from administration.models import Proposal
from boroughs.models.officers import Officer
from boroughs.upkeep import Finding, find_upkeep

Role = Officer.Role
HOME_OF_ROLE = {
    Role.OFFICER: "feedback:officer_today",
    Role.INSPECTOR: "triage:today",
    Role.LEAD: "figures:london",
    Role.ADMINISTRATOR: "administrator-today",
    Role.AUDITOR: "audit:overview",
    Role.CONTROL_ROOM: "control_room:check",
}


@allow_idle_session
@require_safe
def staff_home(request: OfficerRequest) -> HttpResponse:
    return redirect(HOME_OF_ROLE[Role(request.user.role)])


@allow_idle_session
@require_safe
def staff_help(request: OfficerRequest) -> HttpResponse:
    """Show the guide for the reader's role."""
    return render(request, f"staff/help/{request.user.role}.html")


@require_safe
def administrator_today(request: OfficerRequest) -> HttpResponse:
    """Show what waits for an administrator."""
    if not request.user.is_staff:
        raise PermissionDenied
    now = timezone.now()
    proposals = Proposal.objects.visible_to(request.user).waiting_for(request.user, now)
    context = {
        "now": now,
        "proposals": proposals.for_list(),
        "findings": [_with_links(finding) for finding in find_upkeep(now)],
    }
    return render(request, "staff/administrator_today.html", context)


def _with_links(finding: Finding) -> dict[str, object]:
    admin = f"admin:{finding.duty.model._meta.label_lower.replace('.', '_')}"
    return {
        "title": finding.duty.title,
        "what_to_do": finding.duty.what_to_do,
        "rows": [(row, reverse(f"{admin}_change", args=[row.pk])) for row in finding.rows],
        "all": reverse(f"{admin}_changelist") if finding.has_more else "",
    }
