"""The auditor's pages. They show ids, references and names of staff, and no details of a requester."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from audit.permissions import can_audit


@require_safe
def overview(request: OfficerRequest) -> HttpResponse:
    if not can_audit(request.user):
        raise PermissionDenied
    return render(request, "audit/overview.html")
