"""Pages on which an inspector refers an improvement, notes a partner's answer, and asks it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import StaffDecision, VersionedPage
from feedback.improvements.views import ImprovementDecisionPage
from feedback.models.improvements import Improvement
from feedback.models.referrals import Referral
from feedback.permissions import can_change_improvement, can_refer
from feedback.referrals.actions import ask_again, refer_improvement, save_answer
from feedback.referrals.forms import NoteAnswerForm, ReferForm
from feedback.statuses import AnsweredBy
from partners.models.partners import Partner
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError


class ReferPage(ImprovementDecisionPage[ReferForm]):
    """Ask a partner for the improvement."""

    template_name = "feedback/referrals/refer.html"

    def is_closed(self, improvement: Improvement) -> bool:
        return not can_refer(self.request.user, improvement)

    def get_form(self, improvement: Improvement) -> ReferForm:
        visible = Partner.objects.visible_to(self.request.user)
        partners = list(visible.for_place(improvement.borough, improvement.kind))
        initial = self.initial(improvement)
        return ReferForm(self.posted(), partners=partners, improvement=improvement, initial=initial)

    def context(self, improvement: Improvement, form: ReferForm) -> dict[str, Any]:
        current = Referral.objects.waiting().filter(improvement=improvement).select_related("partner").first()
        return {**super().context(improvement, form), "current": current}

    def decide(self, improvement: Improvement, form: ReferForm) -> HttpResponse:
        refer_improvement(improvement, form.details(), by=self.request.user, version=form.shown_version)
        return self.done("Saved. We’re telling everyone who waits for it now.")


class ReferralDecision(StaffDecision[Referral]):
    def find(self) -> Referral:
        visible = Referral.objects.visible_to(self.request.user)
        related = visible.select_related("improvement__bcu", "improvement__borough", "improvement__owner", "partner")
        return get_object_or_404(related.prefetch_related("answers"), pk=self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect("improvements:improvement", self.find().improvement_id)


class NoteAnswerPage(ReferralDecision, VersionedPage[Referral, NoteAnswerForm]):
    """Note what a partner told one of us."""

    template_name = "feedback/referrals/note_answer.html"

    def version_of(self, referral: Referral) -> int:
        return referral.version

    def is_closed(self, referral: Referral) -> bool:
        return referral.is_closed or not can_change_improvement(self.request.user, referral.improvement)

    def get_form(self, referral: Referral) -> NoteAnswerForm:
        return NoteAnswerForm(self.posted(), today=london.today(), initial=self.initial(referral))

    def context(self, referral: Referral, form: NoteAnswerForm) -> dict[str, Any]:
        return {"referral": referral, "improvement": referral.improvement}

    def decide(self, referral: Referral, form: NoteAnswerForm) -> HttpResponse:
        by, version = self.request.user, form.shown_version
        save_answer(referral, form.said(), version=version, answered_by=AnsweredBy.US, noted_by=by)
        return self.done("Saved. Now pass it on.")


class AskAgainButton(ReferralDecision, DecisionButton[Referral]):
    def press(self, referral: Referral) -> HttpResponse:
        ask_again(referral, by=self.request.user)
        return self.done(f"We’re asking {referral.partner.name} again.")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()
