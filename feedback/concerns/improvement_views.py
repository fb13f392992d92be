"""Pages on which a concern joins an improvement, or becomes the first of a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from bookings.decisions.flow import DecisionButton
from feedback.concerns.actions import accept_into_improvement
from feedback.concerns.views import ConcernDecision, ConcernDecisionPage
from feedback.improvements.actions import join_improvement, leave_improvement, make_improvement
from feedback.improvements.forms import ImprovementForm, JoinForm
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.permissions import can_answer
from feedback.statuses import AWAITING_SCREENING
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError


class JoinPage(ConcernDecisionPage[JoinForm]):
    """Let a concern join an improvement: one that is accepted, or one that is being checked."""

    template_name = "feedback/concerns/join.html"

    def version_of(self, concern: Concern) -> int:
        return concern.correction_count if concern.state in AWAITING_SCREENING else concern.version

    def is_closed(self, concern: Concern) -> bool:
        to_check = concern.state in AWAITING_SCREENING
        return not (self.can_screen(concern) if to_check else can_answer(self.request.user, concern))

    def get_form(self, concern: Concern) -> JoinForm:
        possible = Improvement.objects.visible_to(self.request.user).joinable_by(concern)
        return JoinForm(self.posted(), improvements=possible, initial=self.initial(concern))

    def context(self, concern: Concern, form: JoinForm) -> dict[str, Any]:
        return {"concern": concern, "may_make_new": can_answer(self.request.user, concern)}

    def decide(self, concern: Concern, form: JoinForm) -> HttpResponse:
        join = accept_into_improvement if concern.state in AWAITING_SCREENING else join_improvement
        join(concern, form.chosen, by=self.request.user, version=form.shown_version)
        return self.done("Joined. She hears each answer, about her own concern.")


class LeaveButton(ConcernDecision, DecisionButton[Concern]):
    """Take a concern out of an improvement that it does not belong to."""

    def press(self, concern: Concern) -> HttpResponse:
        leave_improvement(concern, by=self.request.user)
        return self.done("It’s no longer part of the improvement, and goes on alone.")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()


class ImprovePage(ConcernDecisionPage[ImprovementForm]):
    """Make an improvement for a concern, and for others at the same place."""

    template_name = "feedback/concerns/improve.html"

    def version_of(self, concern: Concern) -> int:
        return concern.version

    def is_closed(self, concern: Concern) -> bool:
        return not can_answer(self.request.user, concern)

    def get_form(self, concern: Concern) -> ImprovementForm:
        others = Concern.objects.visible_to(self.request.user).to_improve_with(concern)
        initial = {
            **self.initial(concern),
            "kind": concern.kind,
            "light": concern.light,
            "review_date": concern.review_date,
            "concerns": [str(other.pk) for other in others if other.kind == concern.kind],
        }
        return ImprovementForm(
            self.posted(),
            others=others,
            today=london.today(),
            known_place=concern.reported_place,
            initial=initial,
        )

    def context(self, concern: Concern, form: ImprovementForm) -> dict[str, Any]:
        unchecked = Concern.objects.visible_to(self.request.user).unchecked_beside(concern)
        return {"concern": concern, "unchecked": unchecked.count()}

    def decide(self, concern: Concern, form: ImprovementForm) -> HttpResponse:
        improvement = make_improvement(
            form.details(),
            borough=concern.borough,
            place=concern.reported_place,
            concerns=[concern, *form.chosen()],
            by=self.request.user,
            version=form.shown_version,
        )
        return redirect("improvements:improvement", improvement.pk)
