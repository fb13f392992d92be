"""The pages on which an inspector answers a concern, or everyone who waits for an improvement."""

from typing import Any

from django.http import HttpResponse

from feedback.answers.actions import answer_concern
from feedback.answers.forms import AnswerForm
from feedback.concerns.views import ConcernDecisionPage
from feedback.improvements.actions import answer_improvement
from feedback.improvements.views import ImprovementDecisionPage
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.models.referrals import ReferralAnswer
from feedback.permissions import can_answer
from feedback.statuses import PartnerAnswer
from walkandtalk.lib import london


class AnswerImprovementPage(ImprovementDecisionPage[AnswerForm]):
    """Write the answer that everyone who waits for an improvement reads."""

    template_name = "feedback/answers/answer_improvement.html"

    def get_form(self, improvement: Improvement) -> AnswerForm:
        return AnswerForm(self.posted(), row=improvement, today=london.today(), initial=self.initial(improvement))

    def initial(self, improvement: Improvement) -> dict[str, Any]:
        return {**super().initial(improvement), **_as_partner_said(self.news(improvement))}

    def context(self, improvement: Improvement, form: AnswerForm) -> dict[str, Any]:
        told = improvement.concerns.not_being_deleted().values("report__person_key").distinct().count()
        return {"improvement": improvement, "women": told, "news": self.news(improvement)}

    def news(self, improvement: Improvement) -> ReferralAnswer | None:
        """Return the partner's answer that nobody has passed on yet."""
        referral = improvement.referrals.answered().first()
        return referral.news if referral is not None else None

    def decide(self, improvement: Improvement, form: AnswerForm) -> HttpResponse:
        answer_improvement(improvement, form.answer(), by=self.request.user, version=form.shown_version)
        return self.done("Saved. We’re telling everyone who waits for it now.")


def _as_partner_said(news: ReferralAnswer | None) -> dict[str, Any]:
    """Return what the form begins with: the outcome and the day that the partner named. The words are ours."""
    if news is None:
        return {}
    match news.answer:
        case PartnerAnswer.PLANNED:
            return {"outcome": AnswerForm.PLANNED, "planned_date": news.date}
        case PartnerAnswer.DONE:
            return {"outcome": AnswerForm.DONE, "done_date": news.date}
        case PartnerAnswer.CANNOT:
            return {"outcome": AnswerForm.NO_ACTION}
    return {}


class AnswerPage(ConcernDecisionPage[AnswerForm]):
    """Write the answer to a concern, which the requester reads."""

    template_name = "feedback/answers/answer.html"

    def version_of(self, concern: Concern) -> int:
        return concern.version

    def is_closed(self, concern: Concern) -> bool:
        return not can_answer(self.request.user, concern)

    def get_form(self, concern: Concern) -> AnswerForm:
        return AnswerForm(self.posted(), row=concern, today=london.today(), initial=self.initial(concern))

    def context(self, concern: Concern, form: AnswerForm) -> dict[str, Any]:
        return {"concern": concern}

    def decide(self, concern: Concern, form: AnswerForm) -> HttpResponse:
        answer_concern(concern, form.answer(), by=self.request.user, version=form.shown_version)
        return self.done("Saved. We’re telling her now.")
