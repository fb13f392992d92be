"""The security log, as an auditor reads it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import SecurityEvent
from accounts.requests import OfficerRequest, posted_data
from audit.permissions import can_audit
from audit.security.forms import AskedForm, SecuritySearchForm
from audit.security.words import SecurityLine
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import get_cursor_row, get_page


@require_http_methods(["GET", "POST"])
def security_log(request: OfficerRequest) -> HttpResponse:
    """Show the lines that the address asks for, newest first. A POST finds people, and leads there."""
    if not can_audit(request.user):
        raise PermissionDenied
    asked = AskedForm(request.GET, user=request.user)
    form = SecuritySearchForm(posted_data(request), user=request.user, initial=asked.typed())
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('audit:security')}{'?' if form.address else ''}{form.address}")
    visible = SecurityEvent.objects.visible_to(request.user)
    rows = visible.filter(asked.rows()).select_related("officer__bcu", "subject__bcu").order_by("-at", "-pk")
    after = get_cursor_row(visible, asked.cursor)
    page = get_page(rows, by=["-at"], after=after)
    return render_form(
        request,
        "audit/security/log.html",
        form,
        asked=asked,
        lines=[SecurityLine(event) for event in page.rows],
        last=page.last,
        is_first_page=after is None,
        address=asked.address,
        part="security",
    )
