"""The partner's link: forwarded, followed by a scanner, used twice, guessed, replaced and expired."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from feedback.models.referrals import LINK_LIFE, Referral, ReferralAnswer, ReferralLink
from feedback.referrals.actions import ask_again
from feedback.statuses import PartnerAnswer
from outbox.models import Message
from tests.support.improvements import link_of, recipients, refer, reload, to_partner
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

DAY = london.today() + datetime.timedelta(days=30)
PLANNED = {"answer": "planned", **{f"planned_date_{part}": getattr(DAY, part) for part in ("day", "month", "year")}}


@pytest.fixture
def link(referral):
    return link_of(to_partner())


def post(client, link, version=0, **answers):
    return client.post(link, {"version": version, **(answers or PLANNED)})


def test_a_scanner_that_follows_the_link_answers_nothing(client, link, referral):
    before = list(Referral.objects.values())

    for method in (client.get, client.head, client.options):
        method(link)

    assert list(Referral.objects.values()) == before
    assert not ReferralAnswer.objects.exists()


def test_page_says_what_the_message_said_and_nothing_of_anyone(client, link, maya, joan):
    page = client.get(link)

    assert all(words in page.text for words in ("Mend lamp column 14", "Rye Lane", "By the steps.", "In the dark"))
    private = ("Maya", "Joan", maya.place, maya.text, joan.place, joan.text, maya.report.booking.spoken_reference)
    assert [words for words in private if words in page.text] == []
    assert page["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert 'name="robots" content="noindex"' in page.text


def test_partner_answers_without_an_account_and_its_inbox_is_told(client, link, referral):
    response = post(client, link)

    assert response.status_code == 302
    said = referral.answers.get()
    assert (said.answer, said.date, said.answered_by) == (PartnerAnswer.PLANNED, DAY, "link")
    assert "We have your answer" in client.get(response["Location"]).text
    assert to_partner("partner_answer_saved").recipient == "lights@council.example.com"


def test_used_twice_it_shows_what_was_answered_and_saves_once(client, link, referral):
    post(client, link)

    again = post(client, link)

    assert (again.status_code, referral.answers.count()) == (409, 1)
    assert "Someone has answered since you opened this page" in again.text
    assert "It’s planned" in again.text


def test_link_serves_until_the_last_answer(client, link, referral):
    post(client, link)

    done = post(client, link, version=1, answer="done", **_date("done_date", london.today()))
    late = post(client, link, version=2)

    assert (done.status_code, referral.answers.count()) == (302, 2)
    assert "We need no more answers here" in late.text


def _date(name, day):
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "#id_answer"),
        ({"answer": "planned"}, "#id_planned_date_day"),
        ({"answer": "done", **_date("done_date", DAY)}, "#id_done_date_day"),
        ({"answer": "not_ours"}, "#id_whose"),
        ({"answer": "cannot"}, "#id_because"),
    ],
)
def test_incomplete_answer_is_shown_with_what_was_typed(answers, field, client, link, referral):
    response = client.post(link, {"version": 0, "words": "Typed already.", **answers})

    assert response.status_code == 422
    assert [error["href"] for error in response.context["error_summary"]] == [field]
    assert "Typed already." in response.text
    assert not referral.answers.exists()


def test_link_takes_ten_answers_a_day(client, link, referral):
    ways = [{"answer": "received", "their_reference": f"FS-{number}"} for number in range(12)]
    Message.objects.all().delete()

    codes = [post(client, link, version=min(number, 10), **way).status_code for number, way in enumerate(ways)]

    assert codes == [302] * 10 + [409] * 2
    assert (referral.answers.count(), Message.objects.count()) == (10, 20)
    assert "We’ve had many answers today" in post(client, link, version=10, **ways[11]).text


def test_same_answer_again_is_thanked_for(client, link, referral):
    post(client, link)
    Message.objects.all().delete()

    again = post(client, link, version=1)

    assert (again.status_code, again["Location"]) == (302, f"{link}thanks/")
    assert (referral.answers.count(), Message.objects.count()) == (1, 0)


def test_no_person_can_say_that_a_system_closed_it(client, link, referral):
    assert post(client, link, answer="closed").status_code == 422
    assert "Closed in its own system" not in client.get(link).text


def test_guessed_link_opens_nothing(client, link, referral):
    guessed = link[:-3] + ("AA/" if link[-3:-1] != "AA" else "BB/")

    assert (client.get(guessed).status_code, post(client, guessed).status_code) == (404, 404)
    assert client.post(f"{guessed}new-link/").status_code == 200
    assert not referral.answers.exists()


def test_newer_message_replaces_the_link(client, link, referral, inspector):
    ask_again(reload(referral), by=inspector)

    assert post(client, link).status_code == 404
    assert post(client, link_of(to_partner("partner_reminder"))).status_code == 302


def test_another_referral_closes_the_link(client, link, improvement, inspector, southwark, council):
    refer(improvement, council, inspector)

    assert "We need no more answers here" in post(client, link).text
    assert not ReferralAnswer.objects.exists()


def test_expired_link_answers_nothing_and_sends_a_new_one_to_the_inbox_alone(client, link, referral):
    Message.objects.all().delete()
    with time_machine.travel(timezone.now() + LINK_LIFE, tick=False):
        refused = post(client, link)
        shown = client.get(link)
        for _press in range(2):
            client.post(f"{link}new-link/")

    assert (refused.status_code, shown.status_code, referral.answers.count()) == (404, 404, 0)
    assert "Send a new link" in shown.text
    assert recipients() == ["lights@council.example.com"]


def test_new_link_is_sent_for_no_other_reason(client, link, referral):
    Message.objects.all().delete()

    client.post(f"{link}new-link/")

    assert not Message.objects.exists()


def test_only_the_hash_of_a_link_is_stored(link, referral):
    token = link.split("/")[2]

    assert token not in str(list(ReferralLink.objects.values()))
