"""The steps of a concern that is part of an improvement, as each woman reads them on her own page."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models.links import Link
from feedback.answers.actions import AnswerNow, answer_concern, record_follow_up_answers
from feedback.concerns.actions import accept_into_improvement
from feedback.improvements.actions import Answer, answer_improvement
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.recipients import recipient_of
from feedback.referrals.actions import AnswerDetails, save_answer
from feedback.statuses import AnsweredBy, FollowUpAnswer, PartnerAnswer, State
from tests.support.factories import BookingFactory, in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory
from tests.support.improvements import latest, refer, reload
from tests.support.partners import make_partner
from tests.support.place_reports import link_to, make_place_report
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

REFERRED = "Passed to Southwark Council They mend lamps."


def steps(client, concern):
    """Return the lines of her page about this concern, without their days."""
    return [words for _day, words in dated_steps(client, concern)]


def dated_steps(client, concern):
    listed = re.search(r"<ol[^>]*>(.*?)</ol>", page(client, concern), re.DOTALL)[1]
    lines = [
        " ".join(re.sub("<[^>]*>", " ", line).split()) for line in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    ]
    return [tuple(line.split(": ", 1)) for line in lines]


def page(client, concern):
    booking = concern.report.booking
    expires_at = timezone.now() + datetime.timedelta(days=9)
    token = Link.objects.create_token(booking, Link.Purpose.REPORT, expires_at=expires_at)
    return client.get(f"/tell-us/{token}/").text


def say(referral, answer, **details):
    referral = reload(referral)
    said = AnswerDetails(answer=answer, **details)
    save_answer(referral, said, version=referral.version, answered_by=AnsweredBy.LINK)


def answer(improvement, by, to, **fields):
    improvement = reload(improvement)
    answer_improvement(improvement, Answer(to=to, **fields), by=by, version=improvement.version)


def resolve_and_say_no(improvement, by, concern):
    """Say that something was done, and let the woman of this concern answer later that it isn't better."""
    resolve(improvement, by)
    say_whether_better(concern, FollowUpAnswer.NO)


def resolve(improvement, by):
    answer(improvement, by, State.RESOLVED, words="The lamp is mended.", done_date=london.today())


def say_whether_better(concern, is_better):
    event = reload(concern).events.last()
    question = FollowUpQuestion.objects.create(event=event, asked_at=timezone.now())
    record_follow_up_answers(recipient_of(concern.report), {question.pk: AnswerNow(is_better=is_better)})


# --- The partner ------------------------------------------------------------------------------------------------------


def test_page_says_who_has_it_and_since_when_and_nothing_that_the_partner_wrote(client, referral, maya, inspector):
    with time_machine.travel(in_days(2)):
        say(referral, PartnerAnswer.RECEIVED, their_reference="FS-4711", words="Ask Bob.")
    with time_machine.travel(in_days(3)):
        say(referral, PartnerAnswer.RECEIVED)
        say(referral, PartnerAnswer.PLANNED, date=in_days(40).date())

    assert dated_steps(client, maya) == [
        (london.long_date(timezone.now()), REFERRED),
        (london.long_date(in_days(2)), "They have it"),
    ]
    text = page(client, maya)
    assert [words for words in ("FS-4711", "Bob", london.long_date(in_days(40)), "lights@") if words in text] == []


def test_what_a_partner_plans_is_no_step_before_an_inspector_has_read_it(client, referral, maya):
    say(referral, PartnerAnswer.PLANNED, date=in_days(40).date())

    assert steps(client, maya) == [REFERRED]


def test_planned_and_done_have_their_day(client, improvement, maya, inspector):
    day = in_days(20).date()
    answer(improvement, inspector, State.PLANNED, words="A new lamp.", done_date=day, review_date=day)
    answer(improvement, inspector, State.RESOLVED, words="It’s lit.", done_date=london.today())

    today = london.long_date(london.today())
    assert steps(client, maya) == [f"Planned for {london.long_date(day)} A new lamp.", f"Done on {today} It’s lit."]


def test_each_partner_keeps_its_step(client, referral, improvement, maya, southwark, inspector):
    say(referral, PartnerAnswer.RECEIVED)
    refer(improvement, make_partner("Transport for London", boroughs=[southwark], inbox="t@example.com"), inspector)
    say(latest(), PartnerAnswer.RECEIVED)

    to_tfl = "Passed to Transport for London They mend lamps."
    assert steps(client, maya) == [REFERRED, "They have it", to_tfl, "They have it"]


def test_more_news_of_the_same_partner_keeps_its_receipt(client, referral, improvement, maya, inspector):
    say(referral, PartnerAnswer.RECEIVED)

    answer(improvement, inspector, State.REFERRED, words="We asked again.")

    assert steps(client, maya) == [REFERRED, "They have it", "Passed to Southwark Council We asked again."]


def test_who_joins_later_reads_nothing_of_the_time_before(client, referral, improvement, inspector, maya):
    say(referral, PartnerAnswer.RECEIVED)
    before = steps(client, maya)
    concern = ConcernFactory(report__booking=BookingFactory(contact__email="ann@example.com"))

    accept_into_improvement(concern, reload(improvement), by=inspector, version=0)

    assert steps(client, concern) == ["We’re checking it", "We’re looking into it", REFERRED]
    assert steps(client, maya) == before  # nobody learns that someone joined


def test_page_of_a_report_without_a_walk_has_the_same_steps(client, referral, improvement, inspector, southwark):
    contact = make_place_report(southwark)
    concern = contact.report.concerns.get()
    accept_into_improvement(concern, reload(improvement), by=inspector, version=0)
    say(referral, PartnerAnswer.RECEIVED)

    text = client.get(f"/tell-us/yours/{link_to(contact)}/").text

    assert re.findall(r"[0-9]{4}: <strong>([^<]+)</strong>", text)[-2:] == [
        "Passed to Southwark Council",
        "They have it",
    ]


def test_number_of_queries_does_not_grow_with_what_she_told_us(client, referral, improvement, inspector, maya):
    say(referral, PartnerAnswer.RECEIVED)
    page(client, maya)  # what is read once for all pages
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(client, maya)
        counts.append(len(captured))
        for _concern in range(2):
            more = ConcernFactory(report__booking=maya.report.booking)
            accept_into_improvement(more, reload(improvement), by=inspector, version=0)

    assert counts[0] == counts[1]


# --- Not better -------------------------------------------------------------------------------------------------------


def test_open_again_says_who_looks_and_until_when_and_names_nobody(client, improvement, maya, joan, inspector, bcu):
    resolve_and_say_no(improvement, inspector, maya)

    again = f"The {bcu.team_name} will look at it again."  # today is too soon to promise
    assert steps(client, maya)[-1] == f"You said it isn’t better {again}"
    assert steps(client, joan)[-1] == f"Open again, because someone said it isn’t better {again}"
    assert [name for name in (inspector.name, "Maya") if name in page(client, joan)] == []
    Concern.objects.update(review_date=REVIEW_DATE)
    assert steps(client, maya)[-1].endswith(f"will look at it again by {london.long_date(REVIEW_DATE)}.")


def test_concern_without_an_improvement_says_it_too(client, maya, inspector):
    said = Answer(to=State.RESOLVED, words="It’s lit.", done_date=london.today())
    answer_concern(maya, said, by=inspector, version=maya.version)
    question = FollowUpQuestion.objects.create(event=maya.events.last(), asked_at=timezone.now())
    record_follow_up_answers(recipient_of(maya.report), {question.pk: AnswerNow(is_better=FollowUpAnswer.NO)})

    assert steps(client, maya)[-1].startswith("You said it isn’t better The ")


def test_once_there_is_news_the_page_no_longer_says_who_looks(client, improvement, maya, inspector):
    resolve_and_say_no(improvement, inspector, maya)
    answer(improvement, inspector, State.IN_PROGRESS, words="They come back.")

    assert steps(client, maya)[-2:] == ["You said it isn’t better", "It’s being done They come back."]


def test_answer_about_one_of_her_concerns_is_hers_for_all_of_the_improvement(client, improvement, maya, inspector):
    second = ConcernFactory(report=maya.report, kind="path")
    accept_into_improvement(second, reload(improvement), by=inspector, version=0)

    resolve_and_say_no(improvement, inspector, second)

    assert page(client, maya).count("You said it isn’t better") == 2


@pytest.mark.parametrize("first", [True, False])
def test_her_no_counts_for_one_time_and_no_other(first, client, improvement, maya, joan, inspector):
    for concern in (maya, joan) if first else (joan, maya):
        resolve_and_say_no(improvement, inspector, concern)

    said = [line.split(" The ")[0] for line in steps(client, maya) if "isn’t better" in line]
    hers, others = "You said it isn’t better", "Open again, because someone said it isn’t better"
    assert said == ([hers, others] if first else [others, hers])


def test_she_who_said_that_it_is_better_did_not_open_it_again(client, improvement, maya, joan, inspector):
    resolve(improvement, inspector)
    say_whether_better(maya, FollowUpAnswer.YES)
    say_whether_better(joan, FollowUpAnswer.NO)

    assert steps(client, maya)[-1].startswith("Open again")
