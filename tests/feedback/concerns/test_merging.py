"""Two requesters report the same problem: it is dealt with once, and each gets answers about her own concern."""

import datetime
import threading
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from bookings.models.links import Link
from feedback import jobs
from feedback.answers.actions import AnswerNow, ConcernAnswer, answer_concern, record_follow_up_answers
from feedback.concerns.actions import merge_concern
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.recipients import BookingRecipient
from feedback.reports.actions import submit_report, withdraw_concern
from feedback.statuses import FollowUpAnswer, State
from outbox.models import Message
from tests.support.factories import BookingFactory, InspectorFactory, in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking, make_report_submission
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

NOT_BETTER = AnswerNow(is_better=FollowUpAnswer.NO)


@pytest.fixture
def other(officer, inspector):
    """Joan's concern, which the inspector owns."""
    joan = make_completed_booking(
        [officer], start_at=in_days(-3), contact__name="Joan", contact__email="joan@example.com"
    )
    fields = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE, "reported_at": in_days(-2)}
    return ConcernFactory(report__booking=joan, kind="path", place="Rye Lane", text="Her own words.", **fields)


@pytest.fixture
def concern(other):
    """Maya's concern, which nobody has screened."""
    return ConcernFactory(report__booking=BookingFactory(borough=other.report.booking.borough), kind="lighting")


def reload(concern):
    return Concern.objects.get(pk=concern.pk)


@pytest.fixture
def merged_concern(concern, other, inspector):
    merge_concern(concern, by=inspector, other=other)
    Message.objects.all().delete()
    return reload(concern)


def answer(other, by, to=State.RESOLVED, version=None, **fields):
    other = reload(other)
    answers = {"words": "The lamp was mended.", "done_date": london.today()} | fields
    version = other.version if version is None else version
    answer_concern(other, ConcernAnswer(to=to, **answers), by=by, version=version)


def message_to(address):
    (message,) = [
        answer_message
        for answer_message in Message.objects.filter(kind="concern_answered")
        if answer_message.recipient == address
    ]
    return message.text


def recipients(**which):
    return sorted(message.recipient for message in Message.objects.filter(**which))


def get_page_address(concern, what=""):
    token = Link.objects.create_token(concern.report.booking, Link.Purpose.REPORT, expires_at=in_days(30))
    return f"/tell-us/{token}/{what}"


def test_merge_concern_tells_its_requester_without_details_of_the_other(concern, other, inspector):
    merge_concern(concern, by=inspector, other=other)

    assert (reload(concern).state, reload(concern).merged_into) == (State.MERGED, other)
    message = Message.objects.get()
    assert message.recipient == "maya@example.com"
    assert "Where it stands: Joined with another. We’re looking into it.\n" in message.text
    assert "Someone else told us the same. We’ll look into it once, and write to each of you.\n" in message.text
    assert "We’ll write to you again when there’s more to say." in message.text
    content = message.text + message.html
    assert [words for words in ("Joan", "Rye Lane", "Her own words", other.kind_label) if words in content] == []


def test_answer_reaches_both_requesters_about_their_own_concerns(merged_concern, other, inspector):
    answer(other, inspector)

    mayas_message, joans_message = message_to("maya@example.com"), message_to("joan@example.com")
    today = london.long_date(london.today())
    assert f"told us on {london.long_date(merged_concern.reported_at)}: {merged_concern.kind_label}." in mayas_message
    assert f"Where it stands: Joined with another. Done, {today}. The lamp was mended.\n" in mayas_message
    assert f"told us on {london.long_date(other.reported_at)}: {other.kind_label}." in joans_message
    assert f"Where it stands: Done, {today}. The lamp was mended.\n" in joans_message
    joans_details = ("Joan", other.kind_label, "Rye Lane", london.long_date(other.reported_at))
    mayas_details = ("Maya", merged_concern.kind_label, "library", "Joined")
    assert [words for words in joans_details if words in mayas_message] + [
        words for words in mayas_details if words in joans_message
    ] == []


def test_each_answer_reaches_both_requesters_once(merged_concern, other, inspector):
    answer(other, inspector, to=State.IN_PROGRESS, done_date=None, review_date=REVIEW_DATE)
    answer(other, inspector, to=State.NO_ACTION, done_date=None)

    assert recipients() == ["joan@example.com"] * 2 + ["maya@example.com"] * 2


def test_requesters_page_shows_the_answer_without_details_of_the_other(merged_concern, other, inspector, client):
    answer(other, inspector)

    page, joans = client.get(get_page_address(merged_concern)).text, client.get(get_page_address(other)).text

    assert '<span class="as-typed">The lamp was mended.</span>' in page
    assert [words for words in ("Joan", "Rye Lane", "Her own words") if words in page] == []
    assert f"<strong>{other.kind_label}</strong>" not in page
    assert ("Joined" in joans, f"<strong>{merged_concern.kind_label}</strong>" in joans) == (False, False)


def test_merge_concern_refused_with_a_concern_the_inspector_cannot_see(concern, stranger, inspector, camden):
    other_concern = ConcernFactory(
        report__booking=BookingFactory(borough=camden), state=State.ACCEPTED, owner=stranger, review_date=REVIEW_DATE
    )
    restricted = ConcernFactory(
        report__booking=BookingFactory(borough=concern.report.booking.borough, nominated_inspector=stranger),
        state=State.ACCEPTED,
        owner=stranger,
        review_date=REVIEW_DATE,
    )

    for another in (other_concern, restricted, concern):
        with pytest.raises(PermissionDenied):
            merge_concern(reload(concern), by=inspector, other=reload(another))

    assert (reload(concern).state, Message.objects.count()) == (State.REPORTED, 0)


def test_restricted_concern_is_not_merged_with_the_nominated_inspectors_own(concern, stranger, camden, client):
    dealt_with = {"state": State.ACCEPTED, "owner": stranger, "review_date": REVIEW_DATE}
    own_concern = ConcernFactory(report__booking=BookingFactory(borough=camden), **dealt_with)
    Concern.objects.filter(pk=concern.pk).update(nominated_inspector=stranger)
    client.force_login(stranger)

    page = client.get(f"/staff/concerns/{concern.pk}/join/")
    with pytest.raises(PermissionDenied):
        merge_concern(reload(concern), by=stranger, other=own_concern)

    assert (page.status_code, "nothing to join it with" in page.text) == (200, True)
    assert reload(concern).state == State.REPORTED


def test_merge_concern_refused_to_officers_of_the_walk_and_others(other, officer, stranger, lead, bcu):
    on_the_walk = InspectorFactory(bcu=bcu)
    concern = ConcernFactory(report__booking=make_completed_booking([officer, on_the_walk], start_at=in_days(-5)))

    for by in (officer, on_the_walk, stranger, lead):
        with pytest.raises(PermissionDenied):
            merge_concern(reload(concern), by=by, other=other)

    assert reload(concern).state == State.REPORTED


@pytest.mark.parametrize("state", [State.REPORTED, State.RESOLVED, State.NO_ACTION, State.WITHDRAWN])
def test_merge_concern_refused_with_an_inactive_concern(state, concern, other, inspector):
    Concern.objects.filter(pk=other.pk).update(state=state)

    with pytest.raises(TransitionNotAllowed, match="so nothing can be joined with it"):
        merge_concern(concern, by=inspector, other=other)

    assert reload(concern).state == State.REPORTED


def test_merge_concern_refused_after_a_new_correction(concern, other, inspector, officer):
    concern.corrections.create(place="The other path", text="It was earlier.")

    with pytest.raises(TransitionNotAllowed, match="She has corrected this"):
        merge_concern(concern, by=inspector, other=other, version=0)


@pytest.mark.parametrize("fields", [{"merged_into": None}, {"state": State.ACCEPTED}], ids=["with none", "not merged"])
def test_database_allows_merged_into_only_for_merged_concerns(fields, merged_concern, inspector):
    owned = {"owner": inspector, "review_date": REVIEW_DATE}

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=merged_concern.pk).update(**fields, **owned)


def test_answer_is_refused_after_a_new_merge(concern, other, inspector):
    opened = reload(other).version
    merge_concern(concern, by=inspector, other=other)

    with pytest.raises(TransitionNotAllowed, match="Something new was said"):
        answer(other, inspector, version=opened)


def test_concern_continues_alone_when_the_other_is_withdrawn(concern, other, inspector, officer):
    other.report.by_officer = officer
    other.report.save()
    merge_concern(concern, by=inspector, other=other)
    Message.objects.all().delete()

    withdraw_concern(reload(other), version=0)

    alone = reload(concern)
    assert (alone.state, alone.merged_into, alone.owner) == (State.ACCEPTED, None, inspector)
    assert alone.review_date == london.today()
    assert [message.recipient for message in Message.objects.all()] == [inspector.email]


def test_both_requesters_are_asked_and_a_no_reopens_the_primary_concern(merged_concern, other, inspector):
    nine = in_days(0, hour=9)
    with time_machine.travel(nine - datetime.timedelta(weeks=4), tick=False):
        answer(other, inspector)

    jobs.send_follow_up_questions(nine)
    asked_addresses = recipients(kind="follow_up_question")
    question = FollowUpQuestion.objects.get(event__concern=merged_concern)
    record_follow_up_answers(BookingRecipient(merged_concern.report.booking), {question.pk: NOT_BETTER})

    assert asked_addresses == ["joan@example.com", "maya@example.com"]
    assert (reload(other).state, reload(other).review_date) == (State.ACCEPTED, london.today())
    (listed,) = Concern.objects.filter(pk=other.pk).for_list_page()
    assert (reload(merged_concern).state, listed.is_not_better) == (State.MERGED, True)


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_noes_reopen_the_concern_once(merged_concern, other, inspector):
    nine = in_days(0, hour=9)
    with time_machine.travel(nine - datetime.timedelta(weeks=4), tick=False):
        answer(other, inspector)
    jobs.send_follow_up_questions(nine)
    questions = {merged: FollowUpQuestion.objects.get(event__concern=merged).pk for merged in (merged_concern, other)}

    def says_no(merged):
        record_follow_up_answers(BookingRecipient(reload(merged).report.booking), {questions[merged]: NOT_BETTER})

    thread = threading.Thread(target=lambda: (says_no(merged_concern), connection.close()))
    with transaction.atomic():
        says_no(other)
        thread.start()
        thread.join(timeout=0.5)
        waited = thread.is_alive()
    thread.join()

    opened = ConcernEvent.objects.filter(concern=other, from_state=State.RESOLVED, to_state=State.ACCEPTED)
    assert (waited, opened.count()) == (True, 1)
    assert [question.answer for question in FollowUpQuestion.objects.all()] == [FollowUpAnswer.NO] * 2


# --- The page ---------------------------------------------------------------------------------------------------------


def test_page_offers_visible_concerns_of_the_same_kind_first(concern, other, inspector, as_inspector, camden):
    dealt_with = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    same = ConcernFactory(report=other.report, reported_at=in_days(-9), **dealt_with)
    ConcernFactory(report=other.report, state=State.RESOLVED)
    ConcernFactory(report__booking=BookingFactory(borough=camden), **dealt_with)

    page = as_inspector.get(f"/staff/concerns/{concern.pk}/join/")

    assert [pk for pk, _label in page.context["form"].fields["other"].choices] == [str(same.pk), str(other.pk)]
    assert ("Rye Lane" in page.text, "Her own words" in page.text) == (True, False)


def test_page_merges_and_each_concern_links_to_the_other(concern, other, as_inspector):
    path = f"/staff/concerns/{concern.pk}/join/"

    missing = as_inspector.post(path, {"version": 0})
    unknown_concern = as_inspector.post(path, {"version": 0, "other": uuid.uuid4()})
    response = as_inspector.post(path, {"version": 0, "other": other.pk}, follow=True)
    other_page = as_inspector.get(f"/staff/concerns/{other.pk}/").text
    again = as_inspector.post(path, {"version": 0, "other": other.pk})

    assert missing.context["error_summary"][0]["text"] == "Select the concern to join it with"
    assert unknown_concern.status_code == 422
    assert response.redirect_chain == [(f"/staff/concerns/{concern.pk}/", 302)]
    assert (f"/staff/concerns/{other.pk}/" in response.text, f"/staff/concerns/{concern.pk}/" in other_page) == (
        True,
        True,
    )
    assert (again.status_code, "someone else has checked it" in again.text) == (409, True)
    assert as_inspector.get(path)["Location"] == f"/staff/concerns/{concern.pk}/"
    assert "1 more concern joined with this one." in as_inspector.get(f"/staff/concerns/{other.pk}/answer/").text


def test_page_without_a_concern_to_merge_with(concern, other, as_inspector):
    Concern.objects.filter(pk=other.pk).update(state=State.RESOLVED)

    page = as_inspector.get(f"/staff/concerns/{concern.pk}/join/").text

    assert ("nothing to join it with" in page, "Join and tell her" in page) == (True, False)


def test_two_merged_concerns_of_one_requester_each_get_an_answer(other, inspector):
    booking = other.report.booking
    report = submit_report(booking, make_report_submission(), submission=uuid.uuid4())
    merge_concern(report.concerns.get(), by=inspector, other=other)
    Message.objects.all().delete()

    answer(other, inspector)

    assert recipients() == ["joan@example.com"] * 2
