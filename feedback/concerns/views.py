"""Pages on which inspectors list, screen and merge concerns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.decisions.pages import VersionedForm, VersionedPage
from bookings.read_log import open_concern
from boroughs import taxonomy
from feedback.concerns.actions import (
    accept_concern,
    close_concern_without_action,
    divert_concern,
    merge_concern,
    start_screening,
)
from feedback.concerns.forms import ListForm, MergeForm, ScreenForm
from feedback.models.concerns import PAGE_LENGTH, Concern, Correction, concerns_noted_by
from feedback.permissions import can_answer, can_read_concerns, can_read_noted_concerns, can_screen
from feedback.statuses import AWAITING_SCREENING
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import summary_row


@require_safe
def concerns(request: OfficerRequest) -> HttpResponse:
    if not can_read_concerns(request.user):
        raise PermissionDenied
    visible = Concern.objects.visible_to(request.user)
    choice = ListForm(request.GET, visible=visible)
    rows = visible.for_tab(choice.shown).for_list_page(after=choice.last_seen)
    page = rows[:PAGE_LENGTH]
    context = {
        "concerns": page,
        "tabs": choice.TABS,
        "shown": choice.shown,
        "is_first_page": choice.last_seen is None,
        "last": page[-1] if len(rows) > PAGE_LENGTH else None,
    }
    return render(request, "feedback/concerns/list.html", context)


@require_safe
def my_concerns(request: OfficerRequest) -> HttpResponse:
    """Show an officer what became of the concerns that she noted on her walks."""
    if not can_read_noted_concerns(request.user):
        raise PermissionDenied
    return render(request, "feedback/concerns/my_concerns.html", {"concerns": concerns_noted_by(request.user)})


class ConcernDecisionPage(VersionedPage[Concern, VersionedForm]):
    """A decision on one concern, which leads back to its page."""

    def opens(self, concern: Concern, form: VersionedForm) -> None:
        open_concern(concern.pk)

    def find(self) -> Concern:
        return get_object_or_404(Concern.objects.visible_to(self.request.user).for_detail_page(), pk=self.pk)

    def find_again(self, concern: Concern, error: ActionError) -> Concern:
        """Return the concern that was found if a colleague has diverted it: then nobody finds it any more."""
        try:
            return self.find()
        except Http404:
            return concern

    def back(self) -> HttpResponseRedirect:
        return redirect("feedback:concern", self.pk)

    def version_of(self, concern: Concern) -> int:
        return concern.correction_count

    def can_screen(self, concern: Concern) -> bool:
        return can_screen(self.request.user, concern, concern.officers_of_the_walk())


class ConcernPage(ConcernDecisionPage[ScreenForm]):
    """The page of a concern, with the form for screening it if this person may screen it."""

    template_name = "feedback/concerns/concern.html"

    def find(self) -> Concern:
        concern = super().find()
        if self.request.method == "POST" and not self.can_screen(concern):
            raise PermissionDenied
        return concern

    def get_form(self, concern: Concern) -> ScreenForm:
        return ScreenForm(self.posted(), concern=concern, today=london.today(), initial=self.initial(concern))

    def initial(self, concern: Concern) -> dict[str, Any]:
        return {**super().initial(concern), "owner": self.request.user.pk}

    def context(self, concern: Concern, form: ScreenForm) -> dict[str, Any]:
        to_check = concern.state in AWAITING_SCREENING
        return {
            "concern": concern,
            "rows": _summary(concern),
            "offer_screening": (to_check or form.is_bound) and self.can_screen(concern),
            "to_check": to_check,
            "offer_answer": can_answer(self.request.user, concern),
            "joined": Concern.objects.visible_to(self.request.user).filter(merged_into=concern),
        }

    def decide(self, concern: Concern, form: ScreenForm) -> HttpResponse:
        by, version = self.request.user, form.shown_version
        match form.chosen_outcome:
            case "accept":
                accept_concern(concern, form.acceptance(), by=by, version=version)
            case "no_action":
                close_concern_without_action(concern, by=by, version=version, reason=form.reason_for_requester)
            case "divert":
                divert_concern(concern, by=by, version=version, external_reference=form.their_reference)
            case _:
                start_screening(concern, by=by)
        messages.success(self.request, "Saved.")
        return redirect("feedback:concerns")

    def field_of(self, error: ActionError) -> str:
        return "outcome"


class MergePage(ConcernDecisionPage[MergeForm]):
    """Merge a concern into an earlier one about the same thing, so that the requester gets those answers too."""

    template_name = "feedback/concerns/merge.html"

    def find(self) -> Concern:
        concern = super().find()
        if not self.can_screen(concern):
            raise PermissionDenied
        return concern

    def is_closed(self, concern: Concern) -> bool:
        return concern.state not in AWAITING_SCREENING

    def get_form(self, concern: Concern) -> MergeForm:
        others = Concern.objects.visible_to(self.request.user).merge_candidates(concern)
        return MergeForm(self.posted(), others=others, initial=self.initial(concern))

    def context(self, concern: Concern, form: MergeForm) -> dict[str, Any]:
        return {"concern": concern}

    def decide(self, concern: Concern, form: MergeForm) -> HttpResponse:
        merge_concern(concern, by=self.request.user, version=form.shown_version, other=form.merged_into)
        return self.done("Joined. She hears of it now, and of each answer to the other.")


def _summary(concern: Concern) -> list[dict[str, object]]:
    """Return what the requester said, without her identity. Empty answers are left out."""
    noted_by = concern.report.by_officer
    who = f"noted by {noted_by.display_name}" if noted_by else "by her"
    lines = {
        "State": concern.get_state_display(),
        "Place": concern.current_wording.place,
        "In her words": concern.current_wording.text.split("\n"),
        "Before she corrected it": _earlier_wording(concern),
        "Light": concern.get_light_display(),
        "When": concern.get_time_of_day_display(),
        "How often": concern.get_how_often_display(),
        "Felt before the walk": concern.report.get_before_display() or "",
        "Felt after the walk": concern.report.get_after_display() or "",
        "May be passed on": "Yes, without her name" if concern.consent else "No, or she did not say",
        "Told": f"{london.long_date(concern.reported_at)}, {who}",
        "Usually for": taxonomy.usual_owner(concern.kind),
        "Referred to": concern.get_referred_to_display(),
        "Their reference": concern.external_reference,
        "Looked after by": concern.owner.display_name if concern.owner else "",
        "Look at it again by": london.long_date(concern.review_date) if concern.review_date else "",
    }
    return [summary_row(label, value) for label, value in lines.items() if value not in ("", [], [""])]


def _earlier_wording(concern: Concern) -> list[str]:
    """Return what officers recorded for the requester, and her corrections except the latest."""
    corrections: list[Concern | Correction] = [*concern.corrections.all()]
    versions = [concern, *corrections][:-1]
    return [line for version in versions for line in (version.place, *version.text.split("\n")) if line]
