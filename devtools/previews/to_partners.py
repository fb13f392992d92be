"""Every kind of message to partners, and to the inspector who looks after an improvement, with sample data."""

import datetime
from functools import cached_property

from devtools.previews.sample_data import SampleMessages, Write
from feedback.improvements.emails import improvement_owner_chosen
from feedback.models.improvements import Improvement
from feedback.models.referrals import SILENCE, Referral, ReferralAnswer, ReferralLink
from feedback.referrals.emails import ask_partner, confirm_answer, partner_answered
from feedback.statuses import AnsweredBy, Light, PartnerAnswer
from partners.models.partners import Partner
from partners.statuses import PartnerType
from walkandtalk.lib import london


class MessagesAboutImprovements(SampleMessages):
    def list_all(self) -> list[tuple[str, Write]]:
        return [
            ("partner-referral", lambda: ask_partner(self.referral)),
            ("partner-reminder", self._ask_again),
            ("partner-answer-saved", lambda: confirm_answer(self.referral, self.said)),
            ("officer-partner-answered", lambda: partner_answered(self.referral, self.said)),
            ("officer-improvement-owner", lambda: improvement_owner_chosen(self.improvement, because="sample")),
        ]

    @cached_property
    def improvement(self) -> Improvement:
        inspector = self.data.create_officer(31, "Ines Inspector")
        improvement: Improvement = Improvement.objects.create(
            bcu=self.bcu,
            borough=self.booking.borough,
            where="Rye Lane, behind the library",
            change="Mend lamp column 14",
            kind="lighting",
            light=Light.DARK,
            lamp_number="14",
            owner=inspector,
            made_by=inspector,
            review_date=london.local(self.now).date() + SILENCE,
        )
        return improvement

    @cached_property
    def referral(self) -> Referral:
        inbox = "street.lights@council.example.com"
        council = Partner.objects.create(name="Example Council", type=PartnerType.COUNCIL, inbox=inbox)
        referral: Referral = Referral.objects.create(
            improvement=self.improvement,
            number=1,
            partner=council,
            words="It’s the one by the steps.",
            sent_by=self.improvement.owner,
            answer_due_on=self.improvement.review_date,
        )
        return referral

    @cached_property
    def said(self) -> ReferralAnswer:
        day = london.local(self.now).date() + datetime.timedelta(days=30)
        how = {"answer": PartnerAnswer.PLANNED, "answered_by": AnsweredBy.LINK}
        answer: ReferralAnswer = ReferralAnswer.objects.create(referral=self.referral, date=day, **how)
        return answer

    def _ask_again(self) -> None:
        ReferralLink.objects.create_token(self.referral)
        ask_partner(self.referral)
