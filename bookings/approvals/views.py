"""The page on which a second inspector agrees to a colleague's act."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from bookings.approvals import actions
from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import StaffDecision
from bookings.models.approvals import Approval
from bookings.read_log import open_approval
from walkandtalk.lib.errors import ActionError


class ApprovePage(StaffDecision[Approval], DecisionButton[Approval]):
    """Show what a colleague asks for, and agree. Of the requester it shows only the reference and where they met."""

    http_method_names = ["get", "post"]

    def find(self) -> Approval:
        return get_object_or_404(
            Approval.objects.visible_to(self.request.user).select_related("booking__bcu", "requested_by"), pk=self.pk
        )

    def get(self, request: object, *args: object, **kwargs: object) -> HttpResponse:
        return self.show(self.find())

    def back(self) -> HttpResponseRedirect:
        return redirect("triage:queue")

    def press(self, row: Approval) -> HttpResponse:
        actions.approve(row, by=self.request.user)
        return self.done("You agreed. Your colleague has an hour to make the change.")

    def refused(self, error: ActionError) -> HttpResponse:
        return self.show(self.find(), refused=error)

    def show(self, approval: Approval, *, refused: ActionError | None = None) -> HttpResponse:
        open_approval(approval)
        context = {
            "approval": approval,
            "is_pending": approval.is_pending(timezone.now()),
            "error_summary": [{"text": str(refused)}] if refused else [],
        }
        return render(self.request, "bookings/approvals/approve.html", context, status=409 if refused else 200)
