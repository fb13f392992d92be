"""Referrals that ended, and partners out of use: nothing more is sent, and old links show nothing of the place."""

import datetime

import pytest
from django.utils import timezone

from feedback.improvements.actions import Answer, answer_improvement
from feedback.models.improvements import Improvement
from feedback.models.places import ReportedPlace
from feedback.models.referrals import Referral, ReferralLink
from feedback.referrals import jobs
from feedback.referrals.actions import ask_again
from feedback.statuses import State
from outbox.models import Message
from outbox.statuses import State as MessageState
from partners.models.open311 import Open311Request
from tests.support.improvements import link_of, refer, reload, to_partner
from tests.support.partners import make_open311_partner, make_partner
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db


def end_by_answer(improvement, inspector):
    improvement = reload(improvement)
    answer_improvement(
        improvement, Answer(to=State.NO_ACTION, words="We can’t."), by=inspector, version=improvement.version
    )


def end_by_another_referral(improvement, inspector):
    refer(improvement, make_partner("Transport for London", inbox="roads@tfl.example.com"), inspector)


ENDINGS = pytest.mark.parametrize("end", [end_by_answer, end_by_another_referral])


@ENDINGS
def test_message_that_has_not_left_is_not_sent_once_the_referral_ends(end, referral, improvement, inspector):
    message = to_partner()

    end(improvement, inspector)

    assert (message.state, reload(message).state) == (MessageState.PENDING, MessageState.SUPERSEDED)
    assert not Message.objects.unsent().filter(thread=referral.thread).exists()


@ENDINGS
def test_request_that_has_not_left_is_not_sent_once_the_referral_ends(end, improvement, inspector, southwark):
    place = {"bcu": southwark.bcu, "borough": southwark, "lat": 51.468, "lon": -0.069, "name": "Near the park"}
    Improvement.objects.update(place=ReportedPlace.objects.create(**place))
    partner = make_open311_partner("https://open311.example.com/v2", name="Southwark", boroughs=[southwark])
    refer(improvement, partner, inspector)
    before = Open311Request.objects.claimable(timezone.now()).count()

    end(improvement, inspector)

    assert (before, Open311Request.objects.claimable(timezone.now()).count()) == (1, 0)


def test_an_answer_that_does_not_end_it_leaves_the_partner_to_be_asked(referral, improvement, inspector):
    improvement = reload(improvement)
    goes_on = Answer(to=State.IN_PROGRESS, words="We go on.")
    answer_improvement(improvement, goes_on, by=inspector, version=improvement.version)

    assert (reload(referral).ended_at, to_partner().state) == (None, MessageState.PENDING)


def test_partner_out_of_use_is_asked_by_no_button_and_by_no_old_link(referral, council, inspector, client):
    link = link_of(to_partner())
    council.is_active = False
    council.save()
    Message.objects.all().delete()
    ReferralLink.objects.update(expires_at=timezone.now())

    with pytest.raises(ActionError, match="nothing to ask"):
        ask_again(reload(referral), by=inspector)
    client.post(f"{link}new-link/")

    assert not Message.objects.exists()


def test_link_that_has_expired_shows_nothing_of_a_referral_that_ended(referral, improvement, inspector, client):
    link = link_of(to_partner())
    end_by_answer(improvement, inspector)
    fresh = client.get(link).text
    ReferralLink.objects.update(expires_at=timezone.now())

    old = client.get(link).text

    assert improvement.where in fresh
    assert "We need no more answers here" in old
    details = (improvement.where, improvement.change, referral.words, referral.reference, improvement.bcu.duty_number)
    assert [words for words in details if words in old] == []


@pytest.mark.parametrize(("days", "is_kept"), [(89, True), (90, False)])
def test_links_are_deleted_90_days_after_the_referral_ended(days, is_kept, referral):
    Referral.objects.update(ended_at=timezone.now() - datetime.timedelta(days=days))

    jobs.delete_old_links(timezone.now())

    assert ReferralLink.objects.exists() is is_kept


def test_links_of_open_referrals_are_kept(referral):
    jobs.delete_old_links(timezone.now() + datetime.timedelta(days=400))

    assert ReferralLink.objects.exists()
