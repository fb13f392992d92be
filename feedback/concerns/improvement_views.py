"""Pages on which a concern joins an improvement, or becomes the first of a new one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from feedback.concerns.actions import accept_into_improvement
from feedback.concerns.views import ConcernDecisionPage
from feedback.improvements.actions import join_improvement, make_improvement
from feedback.improvements.forms import ImprovementForm, JoinForm
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.permissions import can_answer
from feedback.statuses import AWAITING_SCREENING
from walkandtalk.lib import london


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
            "where": str(concern.reported_place or ""),
            "review_date": concern.review_date,
            "concerns": [str(other.pk) for other in others if other.kind == concern.kind],
        }
        return ImprovementForm(self.posted(), others=others, today=london.today(), initial=initial)

    def context(self, concern: Concern, form: ImprovementForm) -> dict[str, Any]:
        return {"concern": concern}

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
