"""Answers to concerns, follow-up questions, and concerns that a requester's answer reopens."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.links import Link
from bookings.retention.actions import erase_booking
from bookings.statuses import Channel
from data_rights.copy.builder import build_copy
from feedback import jobs
from feedback.answers.actions import AnswerNow, answer_concern, record_follow_up_answers
from feedback.improvements.actions import Answer
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.recipients import BookingRecipient
from feedback.retention import erase_concern
from feedback.statuses import Feeling, FollowUpAnswer, State
from outbox.models import Message
from tests.support.concurrency import act_after_first_read
from tests.support.factories import in_days
from tests.support.feedback_factories import (
    REVIEW_DATE,
    ConcernFactory,
    make_completed_booking,
    make_follow_up_question,
)
from tests.support.sample_messages import WORDS_NOT_IN_DISCREET_MESSAGES, find_link
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db

BETTER = AnswerNow(is_better=FollowUpAnswer.YES)
FOUR_WEEKS = datetime.timedelta(weeks=4)


@pytest.fixture
def concern(officer, inspector):
    """An accepted concern, owned by the inspector."""
    fields = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    return ConcernFactory(report__booking=make_completed_booking([officer]), **fields)


def answer(concern, by, to=State.RESOLVED, version=None, **fields):
    concern = Concern.objects.get(pk=concern.pk)
    answers = {"words": "The lamp was mended.", "done_date": london.today()} | fields
    version = concern.version if version is None else version
    answer_concern(concern, Answer(to=to, **answers), by=by, version=version)


@pytest.fixture
def resolved_concern(concern, inspector):
    """A concern that was resolved exactly four weeks before 9am today."""
    with time_machine.travel(in_days(0, hour=9) - FOUR_WEEKS, tick=False):
        answer(concern, inspector)
    Message.objects.all().delete()
    return Concern.objects.get()


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_answer_is_recorded_and_sent_to_the_requester(concern, inspector):
    day = london.today() - datetime.timedelta(days=3)

    answer(concern, inspector, done_date=day)

    event = ConcernEvent.objects.get(to_state=State.RESOLVED)
    assert (event.by, event.done_date, event.to_requester) == (inspector, day, "The lamp was mended.")
    assert Concern.objects.get().state == State.RESOLVED
    assert f"Where it stands: Done, {london.long_date(day)}. The lamp was mended.\n" in Message.objects.get().text


def test_answer_to_an_outdated_version_is_refused(concern, inspector):
    answer(concern, inspector, to=State.IN_PROGRESS, review_date=REVIEW_DATE)

    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        answer(concern, inspector, to=State.IN_PROGRESS, version=0)

    assert (Message.objects.count(), Concern.objects.get().events.count()) == (1, 1)


@pytest.mark.parametrize("state", [State.REPORTED, State.RESOLVED, State.NO_ACTION])
def test_answer_needs_an_active_concern(state, concern, inspector):
    Concern.objects.update(state=state)

    with pytest.raises(PermissionDenied):
        answer(concern, inspector)

    assert not Message.objects.exists()


def test_answer_needs_the_inspector_in_charge(concern, stranger, officer):
    for user in (stranger, officer):
        with pytest.raises(PermissionDenied):
            answer(concern, user)


def date_fields(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"outcome": "done", **date_fields("done_date", london.today())}, State.RESOLVED),
        ({"outcome": "done", "is_part": "on", **date_fields("done_date", london.today())}, State.PARTLY_RESOLVED),
        ({"outcome": "is_continuing", **date_fields("review_date", REVIEW_DATE)}, State.IN_PROGRESS),
        ({"outcome": "no_action"}, State.NO_ACTION),
    ],
    ids=["done", "in part", "goes on", "no action"],
)
def test_answer_page_saves_each_outcome(answers, state, concern, inspector, client):
    client.force_login(inspector)
    path = f"/staff/concerns/{concern.pk}/answer/"
    form = client.get(path).context["form"]

    response = client.post(path, {"words": "Look at it.", "version": form["version"].value(), **answers}, follow=True)

    assert response.redirect_chain == [(f"/staff/concerns/{concern.pk}/", 302)]
    assert Concern.objects.get().state == state
    assert "Look at it." in response.text
    assert ("Say what came of it" in response.text) is (state == State.IN_PROGRESS)


def test_answer_page_shows_errors_and_keeps_typed_text(concern, inspector, client):
    client.force_login(inspector)
    path = f"/staff/concerns/{concern.pk}/answer/"
    tomorrow = date_fields("done_date", london.today() + datetime.timedelta(days=1))

    without = client.post(path, {"version": 0})
    error_response = client.post(path, {"version": 0, "outcome": "done", "words": "Mended & bright", **tomorrow})
    out_of_date = client.post(path, {"version": 7, "outcome": "no_action", "words": "Mended & bright"})

    assert [error["href"] for error in without.context["error_summary"]] == ["#id_outcome", "#id_words"]
    assert error_response.context["error_summary"][0]["href"] == "#id_done_date_day"
    assert "Mended &amp; bright" in error_response.text
    assert (out_of_date.status_code, "Something new was said" in out_of_date.text) == (409, True)
    assert Concern.objects.get().state == State.ACCEPTED


# --- Follow-up questions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_asked"),
    [
        ((-1, 23), False),
        ((0, 8, 59), False),
        ((0, 9), True),
        ((27, 12), True),
        ((28, 12), False),
    ],
    ids=["too soon", "before nine", "four weeks later", "nearly eight weeks later", "eight weeks later"],
)
def test_send_follow_up_questions_between_four_and_eight_weeks(now, is_asked, resolved_concern):
    jobs.send_follow_up_questions(in_days(*now))

    assert [message.kind for message in Message.objects.all()] == ["follow_up_question"] * is_asked


def test_what_was_done_again_is_asked_about_alone(resolved_concern, inspector):
    earlier = FollowUpQuestion.objects.create(event=resolved_concern.events.last(), asked_at=in_days(-1))
    Concern.objects.update(state=State.ACCEPTED)
    with time_machine.travel(in_days(0, hour=9), tick=False):
        answer(resolved_concern, inspector, words="A new lamp.")
    Message.objects.all().delete()
    later = in_days(28, hour=10)

    jobs.send_follow_up_questions(later)

    open_questions = FollowUpQuestion.objects.unanswered_about(Report.objects.all())
    assert [question.event.to_requester for question in open_questions] == ["A new lamp."]
    assert earlier not in open_questions


def test_one_change_that_was_done_twice_is_asked_about_once(resolved_concern, inspector):
    Concern.objects.update(state=State.ACCEPTED)
    with time_machine.travel(in_days(-28, hour=10), tick=False):
        answer(resolved_concern, inspector, words="A new lamp.")

    jobs.send_follow_up_questions(in_days(0, hour=12))

    assert [question.event.to_requester for question in FollowUpQuestion.objects.all()] == ["A new lamp."]


def test_feeling_there_now_is_on_the_page_of_staff_and_in_her_copy(resolved_concern, as_inspector):
    said = {"answer": "yes", "answered_at": in_days(0), "feeling": Feeling.SAFE}
    FollowUpQuestion.objects.create(event=resolved_concern.events.last(), asked_at=in_days(-1), **said)

    page = as_inspector.get(f"/staff/concerns/{resolved_concern.pk}/").text
    (concern,) = build_copy(resolved_concern.report.booking).concerns

    assert f"Feels there now: <strong>{Feeling.SAFE.label}</strong>" in page
    assert concern.feels_now == [Feeling.SAFE.label]


def test_send_follow_up_questions_once_in_one_message(resolved_concern, inspector):
    again = ConcernFactory(report=resolved_concern.report, kind="followed", owner=inspector, review_date=REVIEW_DATE)
    Concern.objects.filter(pk=again.pk).update(state=State.ACCEPTED)
    with time_machine.travel(in_days(-28, hour=8), tick=False):
        answer(again, inspector, words="We walk there on Fridays.")
    Message.objects.all().delete()

    for hour in (9, 10, 11):
        jobs.send_follow_up_questions(in_days(0, hour=hour))

    message = Message.objects.get()
    assert FollowUpQuestion.objects.count() == 2
    for words in (resolved_concern.kind_label, again.kind_label, "The lamp was mended.", "We walk there on Fridays."):
        assert words in message.text
    assert [text for text in ("I cannot see", "library") if text in message.text + message.html] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda booking: Booking.objects.update(channel=Channel.NONE),
        lambda booking: BookingContact.objects.update(messages_stopped_at=timezone.now()),
        erase_booking,
        lambda booking: Concern.objects.update(state=State.ACCEPTED),
        lambda booking: erase_concern(Concern.objects.get()),
    ],
    ids=["no email", "stopped", "booking erased", "reopened", "concern erased"],
)
def test_send_follow_up_questions_skips_requesters_who_must_not_be_asked(change, resolved_concern):
    change(resolved_concern.report.booking)

    jobs.send_follow_up_questions(in_days(0, hour=12))

    assert (FollowUpQuestion.objects.count(), Message.objects.filter(kind="follow_up_question").count()) == (0, 0)


def test_discreet_follow_up_question_is_not_revealing(resolved_concern, settings):
    settings.DISCREET_URL = "https://plain.example.com"
    Booking.objects.update(channel=Channel.DISCREET)

    jobs.send_follow_up_questions(in_days(0, hour=12))

    message = Message.objects.get()
    assert (message.subject, message.sender) == ("Your appointment", settings.DISCREET_FROM_EMAIL)
    assert re.fullmatch(r"https://plain\.example\.com/r/[\w-]{43}/better/", find_link(message.text))
    content = re.sub(r"https?://\S+", "", message.text + message.html).lower()
    revealing = [*WORDS_NOT_IN_DISCREET_MESSAGES, "lighting", "lamp", "better", "done"]
    assert [word for word in revealing if word.lower() in content] == []


# --- The requester's answer -------------------------------------------------------------------------------------------


@pytest.fixture
def question(resolved_concern):
    return make_follow_up_question(resolved_concern)


def get_page(booking):
    token = Link.objects.create_token(booking, Link.Purpose.REPORT, expires_at=in_days(30))
    return f"/tell-us/{token}/better/"


@pytest.mark.parametrize("says", FollowUpAnswer)
def test_requesters_answer_is_shown_and_a_no_reopens_the_concern(says, question, client, inspector):
    concern = Concern.objects.get()
    page = get_page(concern.report.booking)

    response = client.get(page)
    thanked = client.post(page, {f"better_{question.pk.hex}": says}, follow=True)

    client.force_login(inspector)
    concern_page, listed = (
        client.get(f"/staff/concerns/{concern.pk}/").text,
        client.get("/staff/concerns/?show=open").text,
    )
    concern.refresh_from_db()
    assert ("Is it better now?" in response.text, "The lamp was mended." in response.text) == (True, True)
    assert thanked.redirect_chain == [(page, 302)]
    assert "There’s nothing else to answer." in thanked.text
    assert f"<strong>{says.label}</strong>" in concern_page
    opened = says == FollowUpAnswer.NO
    assert (concern.state, concern.review_date) == (
        (State.ACCEPTED, london.today()) if opened else (State.RESOLVED, REVIEW_DATE)
    )
    assert ("She says it isn’t better" in listed) is opened
    assert not Message.objects.exists()


def test_requesters_answer_counts_once_and_get_records_no_answer(question, client):
    page = get_page(question.event.concern.report.booking)
    client.get(page)
    client.head(page)
    assert FollowUpQuestion.objects.get().answer == ""

    nothing = client.post(page, {})
    client.post(page, {f"better_{question.pk.hex}": "yes"})
    late = client.post(page, {f"better_{question.pk.hex}": "no"})

    assert nothing.context["error_summary"] == [{"text": "Select an answer", "href": f"#id_better_{question.pk.hex}"}]
    assert late.status_code == 200
    assert (FollowUpQuestion.objects.get().answer, Concern.objects.get().state) == ("yes", State.RESOLVED)


def test_empty_answer_sent_while_another_arrives_is_an_error_of_the_form(question, client):
    booking = question.event.concern.report.booking

    with act_after_first_read(
        FollowUpQuestion, lambda: record_follow_up_answers(BookingRecipient(booking), {question.pk: BETTER})
    ):
        response = client.post(get_page(booking), {})

    assert response.status_code == 422
    assert "Select an answer" in response.text


def test_requester_can_answer_only_her_own_questions(question, officer, client):
    other_booking = make_completed_booking([officer], start_at=in_days(-3))
    page = get_page(other_booking)

    client.post(page, {f"better_{question.pk.hex}": "no"})

    assert FollowUpQuestion.objects.get().answer == ""
    assert "There’s nothing else to answer." in client.get(page).text


def test_report_page_links_to_an_open_question(question, client):
    page = get_page(question.event.concern.report.booking)

    previous_page = client.get(page.replace("better/", "")).text
    client.post(page, {f"better_{question.pk.hex}": "yes"})
    after = client.get(page.replace("better/", "")).text

    assert (page in previous_page, page in after) == (True, False)
