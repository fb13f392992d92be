"""The page on which an inspector answers a concern."""

from typing import Any

from django.http import HttpResponse

from feedback.answers.actions import Referral, answer_concern, refer_concern
from feedback.answers.forms import AnswerForm
from feedback.concerns.views import ConcernDecisionPage
from feedback.models.concerns import Concern
from feedback.permissions import can_answer, can_refer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import summary_row


class AnswerPage(ConcernDecisionPage[AnswerForm]):
    """Write the answer to a concern, which the requester reads, or refer it to a partner agency."""

    template_name = "feedback/answers/answer.html"

    def version_of(self, concern: Concern) -> int:
        return concern.version

    def is_closed(self, concern: Concern) -> bool:
        return not can_answer(self.request.user, concern)

    def get_form(self, concern: Concern) -> AnswerForm:
        may_refer = can_refer(self.request.user, concern)
        initial = self.initial(concern)
        return AnswerForm(self.posted(), concern=concern, may_refer=may_refer, today=london.today(), initial=initial)

    def initial(self, concern: Concern) -> dict[str, Any]:
        referral = {"partner": concern.referred_to, "external_reference": concern.external_reference}
        return {**super().initial(concern), **referral}

    def context(self, concern: Concern, form: AnswerForm) -> dict[str, Any]:
        return {
            "concern": concern,
            "joined": concern.merged_concerns.count(),
            "referral_summary": _referral_summary(concern),
        }

    def decide(self, concern: Concern, form: AnswerForm) -> HttpResponse:
        decision, by, version = form.decision(), self.request.user, form.shown_version
        if isinstance(decision, Referral):
            refer_concern(concern, decision, by=by, version=version)
        else:
            answer_concern(concern, decision, by=by, version=version)
        return self.done("Saved. We’re telling her now.")


def _referral_summary(concern: Concern) -> list[dict[str, object]]:
    """Return the place and the problem, all that the requester agreed to share, or nothing if she did not agree."""
    if not concern.consent:
        return []
    lines = {
        "Problem": concern.kind_label,
        "Place": concern.current_wording.place,
        "Light": concern.get_light_display(),
        "When": concern.get_time_of_day_display(),
        "How often": concern.get_how_often_display(),
    }
    return [summary_row(label, value) for label, value in lines.items() if value]
