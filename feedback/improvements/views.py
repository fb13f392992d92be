"""Pages on which inspectors list, make, join and hand over improvements, and leads agree to words for the public."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import StaffDecision, VersionedForm, VersionedPage
from boroughs.models.officers import Officer
from feedback.improvements import actions
from feedback.improvements.forms import (
    ApproveForm,
    DetailsForm,
    HandOverForm,
    ListForm,
    PublicWordsForm,
    ReopenForm,
    for_tab,
)
from feedback.models.concerns import Concern, ConcernQuerySet
from feedback.models.improvements import PAGE_LENGTH, Improvement, ImprovementQuerySet
from feedback.permissions import can_change_improvement, can_read_concerns, can_refer, can_write_words
from feedback.statuses import FollowUpAnswer
from walkandtalk.lib import london
from walkandtalk.lib.counting import Tab, badge, count_each
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import summary_row
from walkandtalk.lib.paging import get_cursor_row

NOTHING = {
    "to_do": "Nothing waits for you. A partner’s answer appears here, and one that is silent for 28 days.",
    "open": "Nothing is open. Make an improvement from a repeated place or from a concern.",
    "done": "Nothing has been done yet. When something is, tell the women, and it appears here.",
    "ended": "Nothing was refused.",
    "all": "No improvements yet. Make one from a repeated place or from a concern.",
}


@require_safe
def improvements(request: OfficerRequest) -> HttpResponse:
    if not can_read_concerns(request.user):
        raise PermissionDenied
    visible = Improvement.objects.visible_to(request.user)
    form = ListForm.read(request.GET)
    after = get_cursor_row(visible, form.cleaned_data["after"])
    soonest_first = form.shown in form.SOONEST_FIRST
    found = for_tab(visible, form.shown).for_list_page(after=after, soonest_first=soonest_first)
    page = found[:PAGE_LENGTH]
    context = {
        "bcu": request.user.bcu,
        "form": form,
        "tabs": list(_tabs(visible, form)),
        "improvements": page,
        "is_first_page": after is None,
        "last": page[-1].pk if len(found) > PAGE_LENGTH else None,
        "address": form.address_of(form.shown),
        "nothing": NOTHING[form.shown],
    }
    return render(request, "feedback/improvements/list.html", context)


def _tabs(visible: ImprovementQuerySet, form: ListForm) -> Iterator[Tab]:
    (to_do,) = count_each(for_tab(visible, "to_do"))
    for tab, label in form.TABS.items():
        number = badge(to_do) if tab == "to_do" else ""
        yield Tab(label, form.address_of(tab), number, tab == form.shown)


class ImprovementDecision(StaffDecision[Improvement]):
    """A decision on one improvement, which leads back to its page."""

    def find(self) -> Improvement:
        return get_object_or_404(Improvement.objects.visible_to(self.request.user).for_detail_page(), pk=self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect("improvements:improvement", self.pk)


class ImprovementDecisionPage(ImprovementDecision, VersionedPage[Improvement, VersionedForm]):
    def version_of(self, improvement: Improvement) -> int:
        return improvement.version

    def is_closed(self, improvement: Improvement) -> bool:
        return not (can_change_improvement(self.request.user, improvement) and improvement.is_active)

    def context(self, improvement: Improvement, form: VersionedForm) -> dict[str, Any]:
        return {"improvement": improvement}


@require_safe
def improvement_page(request: OfficerRequest, pk: Any) -> HttpResponse:
    visible = Improvement.objects.visible_to(request.user)
    related = visible.select_related(
        "bcu", "nominated_inspector", "borough", "place", "partner", "owner", "approved_by"
    )
    improvement = get_object_or_404(related.prefetch_related("events__by", "events__written_texts"), pk=pk)
    concerns = Concern.objects.visible_to(request.user).filter(improvement=improvement).order_by("-reported_at", "pk")
    related_referrals = improvement.referrals.select_related("partner", "sent_by", "open311")
    said = ("answers__noted_by", "answers__written_words")
    referrals = list(related_referrals.prefetch_related(*said).order_by("-number"))
    context = {
        "improvement": improvement,
        "rows": _summary(improvement, is_referred=any(referral.ended_at is None for referral in referrals)),
        "concerns": concerns.defer("place", "text")[:PAGE_LENGTH],
        **concerns.aggregate(told=Count("pk"), women=Count("report__person_key", distinct=True)),
        "not_better": _women(concerns.filter(events__follow_up__answer=FollowUpAnswer.NO)),
        "referrals": referrals,
        "may_change": can_change_improvement(request.user, improvement) and improvement.is_active,
        "may_refer": can_refer(request.user, improvement),
        "may_reopen": can_change_improvement(request.user, improvement) and not improvement.is_active,
        "owner": improvement.current_owner,
    }
    return render(request, "feedback/improvements/improvement.html", context)


def _women(concerns: ConcernQuerySet) -> int:
    return concerns.order_by().values("report__person_key").distinct().count()


def _summary(improvement: Improvement, *, is_referred: bool) -> list[dict[str, object]]:
    """Return the facts. Those of the open referral are in the partner's box above."""
    lines = {
        "Place": f"{improvement.where}, {improvement.borough.name}",
        "Kind": improvement.kind_label,
        "Light": improvement.get_light_display(),
        "Number on the lamp post": improvement.lamp_number,
        "Passed to": "" if is_referred else str(improvement.partner or ""),
        "Planned for": london.long_date(improvement.target_date) if improvement.target_date else "",
        "Done": london.long_date(improvement.done_date) if improvement.done_date and not improvement.is_active else "",
        "Review date": london.long_date(improvement.review_date) if improvement.is_active else "",
    }
    return [summary_row(label, value) for label, value in lines.items() if value]


class TakeButton(ImprovementDecision, DecisionButton[Improvement]):
    def press(self, improvement: Improvement) -> HttpResponse:
        actions.take_improvement(improvement, by=self.request.user)
        return self.done("Assigned to you, with its concerns.")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()


class HandOverPage(ImprovementDecisionPage[HandOverForm]):
    """Choose the inspector who owns the improvement and its concerns from now on."""

    template_name = "feedback/improvements/hand_over.html"

    def get_form(self, improvement: Improvement) -> HandOverForm:
        return HandOverForm(self.posted(), improvement=improvement, initial=self.initial(improvement))

    def decide(self, improvement: Improvement, form: HandOverForm) -> HttpResponse:
        new_owner = form.new_owner
        actions.hand_over_improvement(improvement, to=new_owner, by=self.request.user, version=form.shown_version)
        return self.done(f"{new_owner.display_name} looks after it now.")


class DetailsPage(ImprovementDecisionPage[DetailsForm]):
    """Correct what an improvement says, or its review date."""

    template_name = "feedback/improvements/details.html"

    def get_form(self, improvement: Improvement) -> DetailsForm:
        return DetailsForm(self.posted(), today=london.today(), initial=self.initial(improvement))

    def initial(self, improvement: Improvement) -> dict[str, Any]:
        names = ("change", "where", "kind", "light", "lamp_number", "review_date")
        return {**super().initial(improvement), **{name: getattr(improvement, name) for name in names}}

    def decide(self, improvement: Improvement, form: DetailsForm) -> HttpResponse:
        actions.change_details(improvement, form.details(), by=self.request.user, version=form.shown_version)
        return self.done("Saved.")


class ReopenPage(ImprovementDecisionPage[ReopenForm]):
    """Open an improvement again that has ended."""

    template_name = "feedback/improvements/reopen.html"
    form_class = ReopenForm

    def is_closed(self, improvement: Improvement) -> bool:
        return improvement.is_active or not can_change_improvement(self.request.user, improvement)

    def decide(self, improvement: Improvement, form: ReopenForm) -> HttpResponse:
        because, by = form.because, self.request.user
        actions.reopen_improvement(improvement, because=because, by=by, version=form.shown_version)
        return self.done("It’s open again, and yours to look at today.")


class PublicWordsPage(ImprovementDecisionPage[PublicWordsForm]):
    """Write what the public may read. Also once it is done, because that is when it is published."""

    template_name = "feedback/improvements/public_words.html"
    form_class = PublicWordsForm

    def is_closed(self, improvement: Improvement) -> bool:
        return not can_write_words(self.request.user, improvement)

    def initial(self, improvement: Improvement) -> dict[str, Any]:
        written = {"words": improvement.public_words, "map_place": improvement.map_place}
        return {**super().initial(improvement), **written}

    def get_form(self, improvement: Improvement) -> PublicWordsForm:
        return PublicWordsForm(self.posted(), initial=self.initial(improvement), improvement=improvement)

    def decide(self, improvement: Improvement, form: PublicWordsForm) -> HttpResponse:
        actions.write_public_words(improvement, form.written, by=self.request.user, version=form.shown_version)
        return self.done("Saved. It’s published only after a lead agrees." if form.written.words else "Saved.")


# --- Leads ------------------------------------------------------------------------------------------------------------


@require_safe
def words_to_approve(request: OfficerRequest) -> HttpResponse:
    """Show a lead the words for the public that wait for her, without the concerns."""
    if not (request.user.is_active and request.user.role == Officer.Role.LEAD):
        raise PermissionDenied
    waiting = Improvement.objects.for_approval_by(request.user).select_related("borough")
    return render(request, "feedback/improvements/words_to_approve.html", {"improvements": waiting[:PAGE_LENGTH]})


class ApproveButton(StaffDecision[Improvement], DecisionButton[Improvement]):
    def find(self) -> Improvement:
        return get_object_or_404(Improvement.objects.for_approval_by(self.request.user), pk=self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect("improvements:words_to_approve")

    def press(self, improvement: Improvement) -> HttpResponse:
        form, by = ApproveForm(self.request.POST), self.request.user
        actions.approve_public_words(
            improvement, read=form.read, kind=form.read_kind, by=by, for_home_page=form.is_for_home_page
        )
        return self.done("Agreed. Everyone can read it once it’s done.")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()
