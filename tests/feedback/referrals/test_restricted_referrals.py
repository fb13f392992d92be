"""Referrals of improvements that are kept from the BCU: nothing tells it that there is one."""

import pytest

from feedback.improvements.actions import make_improvement
from feedback.models.improvements import Improvement
from feedback.models.referrals import Referral
from feedback.referrals.actions import AnswerDetails, save_answer
from feedback.statuses import AnsweredBy, PartnerAnswer, State
from outbox.models import Message
from tests.support.factories import BookingFactory, InspectorFactory
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory
from tests.support.improvements import DETAILS, link_of, recipients, refer, to_partner

pytestmark = pytest.mark.django_db

DONE = AnswerDetails(answer=PartnerAnswer.CANNOT, words="No.")


@pytest.fixture
def kept(southwark, council, stranger):
    """A referral of an improvement in Southwark that an inspector of another BCU alone looks after."""
    southwark.bcu.duty_number = "020 7946 0111"
    southwark.bcu.save()
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
    accepted = {"state": State.ACCEPTED, "owner": stranger, "review_date": REVIEW_DATE}
    concern = ConcernFactory(report__booking=booking, consent=True, **accepted)
    made = make_improvement(DETAILS, borough=southwark, place=None, concerns=[concern], by=stranger, version=0)
    return refer(made, council, stranger)


def test_partner_reads_the_nominated_inspectors_team_and_number_everywhere(kept, southwark, stranger, client):
    link = link_of(to_partner())
    save_answer(kept, DONE, version=0, answered_by=AnsweredBy.LINK)

    shown = [to_partner().text, to_partner("partner_answer_saved").text, client.get(link).text]
    shown.append(client.get(f"{link}thanks/").text)

    assert [text for text in shown if southwark.bcu.team_name in text or southwark.bcu.duty_number in text] == []
    assert all(stranger.bcu.team_name in text for text in shown)
    assert all(stranger.bcu.duty_number in text for text in shown[:3])


def test_answer_goes_to_the_nominated_inspector_if_the_owner_is_gone(kept, southwark, stranger):
    Improvement.objects.update(owner=InspectorFactory(bcu=southwark.bcu, is_active=False))
    Message.objects.all().delete()

    save_answer(Referral.objects.get(), DONE, version=0, answered_by=AnsweredBy.LINK)

    assert recipients(kind="officer_partner_answered") == [stranger.email]


def test_answer_goes_to_nobody_if_the_nominated_inspector_is_gone_too(kept, stranger):
    stranger.is_active = False
    stranger.save()
    Message.objects.all().delete()

    save_answer(Referral.objects.get(), DONE, version=0, answered_by=AnsweredBy.LINK)

    assert recipients() == ["lights@council.example.com"]
