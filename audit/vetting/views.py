"""The vetting gate: officers who are kept off walks, and the pages on which an auditor decides about one of them."""

from abc import abstractmethod
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.requests import OfficerRequest, posted_data
from accounts.sessions.confirmation import ask_to_confirm
from audit.lookalikes import find_lookalikes
from audit.permissions import can_audit
from audit.reports.bcus import every_bcu
from audit.security.words import SecurityLine
from audit.vetting.actions import YOURSELF, allow_on_walks, keep_off_walks
from audit.vetting.forms import AllowForm, AskedForm, FindOfficerForm, KeepOffForm
from bookings.decisions.flow import DecisionPage, Form
from bookings.decisions.pages import StaffDecision
from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import get_cursor_row, get_page

HEADINGS: dict[str, str] = {Kind.KEPT_OFF_WALKS: "Kept off walks", Kind.ALLOWED_ON_WALKS: "Allowed on walks again"}


@require_http_methods(["GET", "POST"])
def vetting(request: OfficerRequest) -> HttpResponse:
    """List who is kept off walks, and the officers that the address asks for. A POST finds them, and leads there."""
    if not can_audit(request.user):
        raise PermissionDenied
    bcus = every_bcu()
    asked = AskedForm(request.GET, user=request.user, bcus=bcus)
    form = FindOfficerForm(posted_data(request), user=request.user, bcus=bcus, initial=asked.typed())
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('audit:vetting')}?{form.address}")
    people = _people(request.user, asked)
    after = get_cursor_row(people, asked.cursor)
    page = get_page(people, by=["name"], after=after)
    return render_form(
        request,
        "audit/vetting/vetting.html",
        form,
        **_kept_off(request.user),
        people=page.rows,
        last=page.last,
        is_first_page=after is None,
        address=asked.address,
        part="vetting",
    )


def _kept_off(user: Officer) -> dict[str, Any]:
    """Return who is kept off walks, and the accounts that may be of one of them."""
    rows = list(Unavailability.objects.in_audit_for(user).select_related("officer__bcu").order_by("-at", "-pk"))
    open_accounts = Officer.objects.in_audit_for(user).filter(is_active=True).select_related("bcu")
    return {
        "kept_off": rows,
        "kept_off_ids": {row.officer_id for row in rows},
        "lookalikes": find_lookalikes(open_accounts.order_by("name", "pk")) if rows else [],
    }


def _people(user: Officer, asked: AskedForm) -> QuerySet[Officer]:
    people: QuerySet[Officer] = Officer.objects.in_audit_for(user).select_related("bcu").order_by("name", "pk")
    if not asked.address:
        return people.none()
    if asked.people:
        people = people.filter(pk__in=[person.pk for person in asked.people])
    return people.filter(bcu__code=asked.bcu_code) if asked.bcu_code else people


@method_decorator(ask_to_confirm, name="dispatch")
class VettingPage(StaffDecision[Officer], DecisionPage[Officer, Form]):
    """A decision of an auditor about one officer."""

    def find(self) -> Officer:
        people = Officer.objects.in_audit_for(self.request.user).select_related("bcu")
        officer: Officer = get_object_or_404(people, pk=self.pk)
        rows = Unavailability.objects.in_audit_for(self.request.user).filter(officer=officer)
        self.kept_off = rows.select_related("by").first()
        return officer

    def back(self) -> HttpResponseRedirect:
        return redirect("audit:vetting")

    @abstractmethod
    def is_closed(self, officer: Officer) -> bool:
        """Return whether the decision has been made already."""

    def turn_away(self, officer: Officer) -> HttpResponse | None:
        """Lead to the page of the other decision."""
        if self.posted() is not None or not self.is_closed(officer):
            return None
        return redirect("audit:keep_off_walks" if self.kept_off is None else "audit:allow_on_walks", officer.pk)

    def context(self, officer: Officer, form: Form) -> dict[str, Any]:
        decisions = SecurityEvent.objects.visible_to(self.request.user).filter(
            subject=officer, kind__in=[Kind.KEPT_OFF_WALKS, Kind.ALLOWED_ON_WALKS]
        )
        lines = decisions.select_related("officer__bcu", "subject__bcu").order_by("-at", "-pk")
        return {
            "officer": officer,
            "kept_off": self.kept_off,
            "lines": [(SecurityLine(event), HEADINGS[event.kind]) for event in lines],
            "refusal": YOURSELF if officer == self.request.user else "",
            "part": "vetting",
        }


class KeepOffWalksPage(VettingPage[KeepOffForm]):
    form_class = KeepOffForm
    template_name = "audit/vetting/keep_off_walks.html"

    def is_closed(self, officer: Officer) -> bool:
        return self.kept_off is not None

    def decide(self, officer: Officer, form: KeepOffForm) -> HttpResponse:
        keep_off_walks(officer, by=self.request.user, reason=form.cleaned_data["reason"])
        told = "Their team has been asked to find another officer for each walk."
        return self.done(f"{officer.display_name}, is now kept off walks. {told}")


class AllowOnWalksPage(VettingPage[AllowForm]):
    form_class = AllowForm
    template_name = "audit/vetting/allow_on_walks.html"

    def is_closed(self, officer: Officer) -> bool:
        return self.kept_off is None

    def decide(self, officer: Officer, form: AllowForm) -> HttpResponse:
        allow_on_walks(officer, by=self.request.user, reason=form.cleaned_data["reason"])
        return self.done(f"{officer.display_name}, may be on walks again.")
