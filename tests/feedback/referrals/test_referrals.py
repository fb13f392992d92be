"""Improvements referred to partners: what a partner gets, its answers, its silence, and what the women hear."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bookings.models.bookings import Booking
from feedback.improvements.actions import Answer, answer_improvement
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.models.places import ReportedPlace
from feedback.models.referrals import Referral, improvements_to_do
from feedback.referrals import jobs
from feedback.referrals.actions import AnswerDetails, ask_again, save_answer
from feedback.statuses import AnsweredBy, PartnerAnswer, State
from outbox.actions import record_bounce
from outbox.models import Message
from outbox.statuses import State as MessageState
from partners.models.open311 import Open311Request
from partners.models.partners import Partner
from tests.support.improvements import latest, recipients, refer, reload, states, to_partner
from tests.support.partners import make_open311_partner, make_partner
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

PLANNED = AnswerDetails(answer=PartnerAnswer.PLANNED, date=london.today() + datetime.timedelta(days=30))


def answered(referral, details=PLANNED, version=0, **how):
    how = {"answered_by": AnsweredBy.LINK} | how
    save_answer(reload(referral), details, version=version, **how)


def to_do(user):
    return list(improvements_to_do(Improvement.objects.visible_to(user), london.today()))


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_partner_reads_place_kind_light_and_our_words_and_the_reference_is_in_the_subject(referral):
    message = to_partner()

    assert (message.recipient, referral.reference in message.subject) == ("lights@council.example.com", True)
    about = ("Mend lamp column 14", "Rye Lane, behind the library", "Too dark", "In the dark", "14", "By the steps.")
    assert [words for words in about if words not in message.text] == []


def test_partner_gets_nothing_of_anyone(referral, maya, joan):
    message = to_partner()
    content = (message.subject + message.text + message.html).replace("walkandtalk.example.com/", "")

    booking = maya.report.booking
    private = [
        *("Maya", "Joan", "example.com/", maya.place, maya.text, joan.place, joan.text),
        *(booking.reference, booking.spoken_reference, booking.contact.email, booking.contact.phone),
        *(str(maya.pk), str(booking.pk), maya.reference),
    ]
    assert [
        words for words in private if words and words in content.replace("https://walkandtalk.example.com/", "")
    ] == []


def test_women_hear_who_has_it(referral, maya, joan):
    assert states(maya, joan) == [State.REFERRED, State.REFERRED]
    assert recipients(kind="concern_answered") == ["joan@example.com", "maya@example.com"]
    text = Message.objects.filter(kind="concern_answered").first().text
    assert "Where it stands: Passed to Southwark Council. They mend lamps.\n" in text


def test_referring_needs_one_woman_who_agreed(improvement, council, inspector):
    Concern.objects.update(consent=False)

    with pytest.raises(PermissionDenied):
        refer(improvement, council, inspector)

    assert not Message.objects.exists()


def test_consent_of_a_woman_who_asked_us_to_delete_her_details_counts_no_more(improvement, council, inspector, maya):
    Booking.objects.filter(pk=maya.report.booking_id).update(erasure_due_at=timezone.now())

    with pytest.raises(PermissionDenied):
        refer(improvement, council, inspector)


def test_referring_needs_its_inspector_the_newest_version_and_a_partner_of_the_borough(
    improvement, council, inspector, stranger, camden
):
    with pytest.raises(PermissionDenied):
        refer(improvement, council, stranger)
    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        refer(improvement, council, inspector, version=0)
    with pytest.raises(ActionError, match="looks after this borough"):
        refer(improvement, make_partner("Camden Council", boroughs=[camden]), inspector)

    assert not Referral.objects.exists()


def test_another_referral_ends_the_first(referral, improvement, inspector, southwark):
    tfl = make_partner("Transport for London", inbox="roads@tfl.example.com")

    second = refer(improvement, tfl, inspector)

    assert (reload(referral).ended_at is not None, second.ended_at, second.number) == (True, None, 2)
    with pytest.raises(TransitionNotAllowed, match="no more answers"):
        answered(referral)


def test_partner_without_inbox_is_told_by_us_before_the_women_hear(improvement, inspector, southwark, maya):
    landowner = make_partner("A landowner", boroughs=[southwark])

    with pytest.raises(ActionError, match="Tell it first"):
        refer(improvement, landowner, inspector)
    before = (states(maya), recipients(kind="concern_answered"))
    referral = refer(improvement, landowner, inspector, is_told=True)

    assert before == ([State.ACCEPTED], [])
    assert recipients(kind="concern_answered") == ["joan@example.com", "maya@example.com"]
    assert to_partner() is None
    answered(referral, answered_by=AnsweredBy.US, noted_by=inspector)
    assert reload(referral).answer == PartnerAnswer.PLANNED


def test_form_asks_whether_a_partner_was_told_that_we_cannot_write_to(
    improvement, council, inspector, southwark, client
):
    landowner = make_partner("A landowner", boroughs=[southwark], phone="020 7946 0999")
    client.force_login(inspector)
    page = f"/staff/improvements/{improvement.pk}/refer/"
    said = {"partner": landowner.pk, "to_requesters": "They own it.", "version": reload(improvement).version}

    untold = client.post(page, said)
    kept = Referral.objects.exists()
    told = client.post(page, {**said, "is_told": "on"})

    assert [error["href"] for error in untold.context["error_summary"]] == ["#id_is_told"]
    assert (untold.status_code, kept, told.status_code) == (422, False, 302)
    assert latest().partner == landowner


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_answer_waits_for_the_inspector_and_no_woman_hears_it_before(referral, improvement, maya, inspector):
    Message.objects.all().delete()

    answered(referral)

    assert recipients() == sorted([inspector.email, "lights@council.example.com"])
    assert (states(maya), to_do(inspector)) == ([State.REFERRED], [improvement])


def test_passing_it_on_tells_each_woman_once_and_clears_the_list(referral, improvement, maya, inspector):
    answered(referral)
    Message.objects.all().delete()
    improvement = reload(improvement)

    said = Answer(to=State.PLANNED, words="In a month.", done_date=PLANNED.date, review_date=PLANNED.date)
    answer_improvement(improvement, said, by=inspector, version=improvement.version)

    assert recipients() == ["joan@example.com", "maya@example.com"]
    assert (states(maya), to_do(inspector)) == ([State.PLANNED], [])


def test_receipt_needs_nobody(referral, improvement, inspector):
    answered(referral, AnswerDetails(answer=PartnerAnswer.RECEIVED, their_reference="FS-4711"))

    assert to_do(inspector) == []
    assert reload(improvement).is_acknowledged


def test_receipt_takes_back_neither_the_news_before_it_nor_the_day_it_named(referral, improvement, inspector):
    answered(referral)
    answered(referral, AnswerDetails(answer=PartnerAnswer.RECEIVED, their_reference="FS-4711"), version=1)

    referral = reload(referral)
    assert to_do(inspector) == [improvement]
    assert (referral.news.answer, referral.news.date) == (PartnerAnswer.PLANNED, PLANNED.date)
    assert referral.answer_due_on == PLANNED.date + datetime.timedelta(days=28)


def test_receipt_with_words_is_for_the_inspector_to_read(referral, improvement, inspector):
    answered(referral, AnswerDetails(answer=PartnerAnswer.RECEIVED, words="A contractor looks at it in May."))

    assert to_do(inspector) == [improvement]


@pytest.mark.parametrize("again", [PLANNED, AnswerDetails(answer=PartnerAnswer.PLANNED)])
def test_same_answer_without_anything_new_is_not_saved_or_mailed(again, referral):
    answered(referral)
    Message.objects.all().delete()

    answered(referral, again, version=1)

    assert (referral.answers.count(), Message.objects.count()) == (1, 0)


@pytest.mark.parametrize("new", [{"their_reference": "FS-1"}, {"words": "In May."}, {"date": london.today()}])
def test_same_answer_with_something_new_is_saved(new, referral):
    answered(referral)

    answered(referral, AnswerDetails(answer=PartnerAnswer.PLANNED, **new), version=1)

    assert referral.answers.count() == 2


def test_same_answer_after_a_long_silence_ends_the_silence(referral):
    receipt = AnswerDetails(answer=PartnerAnswer.RECEIVED)
    answered(referral, receipt)
    Referral.objects.update(answer_due_on=london.today())

    answered(referral, receipt, version=1)

    assert not reload(referral).is_silent


def test_partner_that_says_it_is_not_theirs_is_not_named_as_the_one_who_has_it(referral, improvement):
    answered(referral, AnswerDetails(answer=PartnerAnswer.NOT_OURS, whose="Network Rail"))

    assert not reload(improvement).is_acknowledged


def test_two_answers_to_one_page_are_one(referral):
    answered(referral)

    with pytest.raises(TransitionNotAllowed, match="Someone has answered"):
        answered(referral)

    assert referral.answers.count() == 1


@pytest.mark.parametrize("last", [PartnerAnswer.DONE, PartnerAnswer.NOT_OURS, PartnerAnswer.CANNOT])
def test_after_a_last_answer_there_is_no_other(last, referral):
    answered(referral, AnswerDetails(answer=last))

    with pytest.raises(TransitionNotAllowed, match="no more answers"):
        answered(referral, version=1)


def test_partners_words_reach_nobody_but_inspectors(referral, improvement, inspector):
    answered(referral, AnswerDetails(answer=PartnerAnswer.CANNOT, words="Ask for Mr Lamp."))

    assert not [message for message in Message.objects.all() if "Mr Lamp" in message.text]


def test_answer_noted_for_a_partner_needs_the_inspector_in_charge(referral, stranger):
    with pytest.raises(PermissionDenied):
        answered(referral, answered_by=AnsweredBy.US, noted_by=stranger)


# --- Silence and bounces ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_listed"), [(27, False), (28, True)])
def test_partner_is_listed_after_28_days_of_silence(days, is_listed, referral, improvement, inspector):
    Improvement.objects.update(review_date=london.today() + datetime.timedelta(days=99))

    with time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False):
        assert (improvement in to_do(inspector)) is is_listed


def test_partner_that_named_a_day_is_silent_28_days_after_it(referral):
    answered(referral)

    assert reload(referral).answer_due_on == PLANNED.date + datetime.timedelta(days=28)


def test_bounce_puts_it_on_the_list_and_asking_again_takes_it_off(referral, improvement, inspector):
    message = to_partner()
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=timezone.now())
    record_bounce(message.message_id)

    jobs.record_undelivered_referrals(timezone.now())
    listed = to_do(inspector)
    ask_again(reload(referral), by=inspector)

    assert (listed, to_do(inspector)) == ([improvement], [])
    assert to_partner("partner_reminder").recipient == "lights@council.example.com"
    jobs.record_undelivered_referrals(timezone.now())
    assert to_do(inspector) == []


def test_bounce_of_an_older_message_says_nothing_of_the_newer(referral, inspector):
    message = to_partner()
    ask_again(reload(referral), by=inspector)
    Message.objects.filter(pk=message.pk).update(state=MessageState.BOUNCED)

    jobs.record_undelivered_referrals(timezone.now())

    assert reload(referral).undelivered_at is None


# --- A partner's own system -------------------------------------------------------------------------------------------


@pytest.fixture
def by_open311(improvement, inspector, southwark):

    there = {"bcu": southwark.bcu, "borough": southwark, "lat": 51.468, "lon": -0.069, "name": "Near the park"}
    Improvement.objects.update(place=ReportedPlace.objects.create(**there))
    partner = make_open311_partner("https://open311.example.com/v2", name="Southwark", boroughs=[southwark])
    return refer(improvement, partner, inspector)


def test_open311_partner_gets_our_reference_and_nothing_of_anyone(by_open311, maya):
    sent = by_open311.open311

    assert to_partner() is None
    assert sent.reference == by_open311.reference
    assert "Mend lamp column 14" in sent.description
    assert (sent.map_point, sent.lamp_number) == ([51.468, -0.069], "14")
    assert [words for words in ("Maya", maya.place, maya.text) if words in sent.description] == []


@pytest.mark.parametrize(
    ("news", "answer", "is_undelivered"),
    [
        ({"status": "sent", "service_request_id": "638344"}, PartnerAnswer.RECEIVED, False),
        ({"status": "sent", "service_request_id": "638344", "remote_status": "closed"}, PartnerAnswer.CLOSED, False),
        ({"status": "failed"}, "", True),
    ],
)
def test_open311_news_becomes_an_answer(news, answer, is_undelivered, by_open311):
    with transaction.atomic():
        Open311Request.objects.update(news_at=timezone.now(), **news)

    jobs.take_news(timezone.now())
    jobs.take_news(timezone.now())

    referral = latest()
    assert (referral.answer, referral.undelivered_at is not None) == (answer, is_undelivered)
    assert referral.answers.count() == bool(answer)


@pytest.mark.parametrize(
    ("news", "is_news"),
    [
        ({"remote_status": "open"}, False),
        ({"remote_status": "open", "remote_notes": "A contractor looks at it in May."}, True),
        ({"remote_status": "in progress"}, True),
        ({"remote_status": "closed"}, True),
    ],
)
def test_open311_news_is_for_the_inspector_if_it_says_more_than_that_they_have_it(
    news, is_news, by_open311, improvement, inspector
):
    request = Open311Request.objects.get()
    save_changes(request, status="sent", service_request_id="638344", news_at=timezone.now(), **news)

    jobs.take_news(timezone.now())

    assert (improvement in to_do(inspector)) is is_news
    assert latest().has_news is is_news


def test_what_a_system_closed_is_not_taken_for_done_or_for_theirs(by_open311, improvement, inspector, client):
    Open311Request.objects.update(status="sent", remote_status="closed", news_at=timezone.now())
    jobs.take_news(timezone.now())
    client.force_login(inspector)

    page = client.get(f"/staff/improvements/{improvement.pk}/answer/")

    assert "Closed in its own system" in page.text
    assert " checked" not in page.text
    assert 'value="not_ours"' not in page.text
    answered(by_open311, version=1, answered_by=AnsweredBy.US, noted_by=inspector)
    assert latest().answer == PartnerAnswer.PLANNED


def test_first_message_after_a_failed_request_does_not_say_that_we_wrote_before(by_open311, inspector):
    Open311Request.objects.update(status="failed", news_at=timezone.now())
    jobs.take_news(timezone.now())
    Partner.objects.update(inbox="lights@council.example.com")

    ask_again(latest(), by=inspector)
    first = (to_partner() is not None, to_partner("partner_reminder"))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=30), tick=False):
        ask_again(latest(), by=inspector)

    assert first == (True, None)
    assert f"We wrote to you on {london.long_date(timezone.now())}" in to_partner("partner_reminder").text
