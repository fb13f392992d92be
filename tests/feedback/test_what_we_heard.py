"""What officers note of a walk, how it is shown back to her, and what she makes of it."""

import datetime
import re
import uuid

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bookings.actions import call_away, forget_booking, start_walk
from bookings.emails import her_thread
from bookings.models import Link
from bookings.statuses import Channel, Status, WalkStatus, Whereabouts
from feedback import actions, jobs
from feedback.models import Concern, Correction, WalkNote
from feedback.statuses import State
from outbox.models import Message
from outbox.models import State as MessageState
from tests.support.factories import WalkFactory, in_days, scheduled_booking
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, told, walked_booking
from tests.support.threads import at_once
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def note(booking, officer, **fields):
    return actions.note_concern(booking.walk, booking, told(**fields), submission=uuid.uuid4(), by=officer)


def note_walk(booking, officer, *, submission=None, noted=(), agreed="", words=""):
    return actions.note_walk(
        booking.walk,
        booking,
        submission=submission or uuid.uuid4(),
        by=officer,
        noted=noted,
        agreed=agreed,
        words=words,
    )


@pytest.fixture
def walked(officer):
    return walked_booking([officer])


@pytest.fixture
def noted(walked, officer):
    note(walked, officer)
    return Concern.objects.get()


@pytest.fixture
def hers(walked, client):
    """Her browser, and the way to one of her pages."""
    token = Link.objects.mint(walked, Link.Purpose.TELL_US, expires_at=timezone.now() + datetime.timedelta(days=9))

    def address(name, *args):
        return reverse(f"feedback:{name}", args=[token, *args])

    return client, address


def correct(hers, concern, **said):
    client, address = hers
    data = {"what": "correct", "version": 0, "place": "The bridge", "text": "Three men stood there."} | said
    return client.post(address("correct", concern.pk), data)


# --- Told the same evening


def test_noted_for_her_she_is_written_to_at_once_and_without_her_words(walked, officer):
    before = timezone.now()

    note(walked, officer)

    message = Message.objects.get(kind="heard")
    assert (message.recipient, message.subject) == ("maya@example.com", "What we heard")
    assert before < message.send_after < before + datetime.timedelta(minutes=20)
    for body in (message.text, message.html):
        assert "library" not in body
        assert "cannot see" not in body


def test_link_of_what_we_heard_opens_it(walked, officer, client, settings):
    note(walked, officer)
    message = Message.objects.get(kind="heard")

    response = client.get(re.search(r"https?://[^/\s]+(/tell-us/\S+/heard/)", message.text).group(1))

    assert "The path behind the library" in response.text
    assert "I cannot see the ground." in response.text


def test_two_notes_within_minutes_are_one_message(walked, officer):
    note(walked, officer)
    note(walked, officer, place="The underpass")

    states = Message.objects.filter(kind="heard").order_by("number").values_list("state", flat=True)

    assert list(states) == [MessageState.SUPERSEDED, MessageState.PENDING]


def test_called_away_from_her_what_they_noted_still_goes_out(officer):
    booking = scheduled_booking([officer], walk=WalkFactory(officers=[officer], start_at=timezone.now()))
    start_walk(booking.walk, by=officer)
    note(booking, officer)

    call_away(booking.walk, by=officer, where=Whereabouts.AT_HOME)

    states = dict(Message.objects.in_thread(her_thread(booking)).values_list("kind", "state"))
    assert states == {"heard": MessageState.PENDING, "called_away": MessageState.PENDING}


def test_same_page_sent_twice_is_one_message(walked, officer):
    submission = uuid.uuid4()
    for _ in range(2):
        actions.note_concern(walked.walk, walked, told(), submission=submission, by=officer)

    assert Message.objects.filter(kind="heard").count() == 1


@pytest.mark.parametrize("fields", [{"channel": Channel.NONE}, {"stopped_at": timezone.now()}])
def test_she_who_is_not_written_to_reads_it_on_her_page(fields, officer):
    booking = walked_booking([officer], **fields)

    note(booking, officer)

    assert not Message.objects.filter(kind="heard").exists()
    assert Concern.objects.heard_from(booking).count() == 1


def test_discreetly_the_message_and_the_page_say_nothing_of_a_walk(officer, client):
    booking = walked_booking([officer], channel=Channel.DISCREET)
    note(booking, officer)
    message = Message.objects.get(kind="heard")
    token = re.search(r"/r/([^/]+)/heard/", message.text).group(1)
    client.session.save()
    session = client.session
    session["pin_good_until"] = {str(booking.pk): 2**40}
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key

    page = client.get(f"/r/{token}/heard/", headers={"host": django_settings.DISCREET_HOST})

    assert message.sender == django_settings.DISCREET_FROM_EMAIL
    assert "I cannot see the ground." in page.text
    around = page.text.replace("The path behind the library", "")
    for word in ("police", "officer", "walk", "Maya"):
        assert word not in (message.subject + message.text + message.html).lower().replace("maya@", "")
        assert word.lower() not in re.sub(r"<[^>]*>", "", around).lower()


def test_what_was_agreed_is_hers_to_read_and_words_for_colleagues_are_not(walked, officer, hers):
    note_walk(walked, officer, noted=["ring_her"], agreed="We ask for a lamp.", words="Bring a torch.")
    client, address = hers

    page = client.get(address("heard"))

    assert "We ask for a lamp." in page.text
    assert "Bring a torch." not in page.text
    assert Message.objects.filter(kind="heard").count() == 1


def test_note_that_agrees_nothing_writes_to_nobody(walked, officer, hers):
    note_walk(walked, officer, noted=["as_planned"])
    client, address = hers

    assert not Message.objects.exists()
    assert "Nothing was written down for you." in client.get(address("heard")).text


# --- She corrects it


def test_her_words_count_and_the_officers_stay(noted, hers, inspector, client):
    response = correct(hers, noted)

    noted = Concern.objects.get()
    assert response.status_code == 302
    assert (noted.words_now.place, noted.words_now.text) == ("The bridge", "Three men stood there.")
    assert (noted.place, noted.text) == ("The path behind the library", "I cannot see the ground.")
    client.force_login(inspector)
    page = client.get(reverse("feedback:concern", args=[noted.pk]))
    assert page.text.index("Three men stood there.") < page.text.index("Before she corrected it")
    assert page.text.index("Before she corrected it") < page.text.index("I cannot see the ground.")


def test_each_correction_is_kept_and_the_last_one_counts(noted, hers):
    correct(hers, noted)
    correct(hers, noted, version=1, text="Two men.")

    assert [row.text for row in Correction.objects.all()] == ["Three men stood there.", "Two men."]
    assert Concern.objects.get().words_now.text == "Two men."


def test_same_words_again_are_no_correction(noted, hers):
    correct(hers, noted, place=noted.place, text=noted.text)

    assert not Correction.objects.exists()


def test_correction_of_an_older_version_is_refused_and_says_so(noted, hers):
    correct(hers, noted)

    response = correct(hers, noted, text="Somebody else wrote this.")

    assert response.status_code == 409
    assert "You have corrected this since" in response.text
    assert Concern.objects.get().words_now.text == "Three men stood there."


def test_taken_back_nobody_looks_into_it(noted, hers):
    response = correct(hers, noted, what="take_back")

    assert response.status_code == 302
    assert Concern.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("state", [State.RESOLVED, State.NO_ACTION, State.MERGED, State.WITHDRAWN])
def test_what_has_ended_is_not_corrected(state, noted, hers):
    other = ConcernFactory() if state == State.MERGED else None
    Concern.objects.filter(pk=noted.pk).update(state=state, merged_into=other)

    assert correct(hers, noted).status_code == 409
    assert not Correction.objects.exists()


def test_what_she_told_us_herself_or_somebody_else_was_told_is_not_here(walked, officer, hers):
    own = ConcernFactory(report__booking=walked)
    others = ConcernFactory(report__booking=walked_booking([officer], start_at=in_days(-3)), report__by_officer=officer)

    answers = [correct(hers, concern).status_code for concern in (own, others)]

    assert answers == [404, 404]


def test_place_has_to_be_said_and_nothing_typed_is_lost(noted, hers):
    response = correct(hers, noted, place="", text="I typed this.")

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == ["Enter where this was"]
    assert "I typed this." in response.text


@pytest.mark.parametrize("outcome", ["accept", "no_action", "divert"])
def test_screening_of_words_that_she_has_corrected_since_is_refused(outcome, noted, hers, inspector, client):
    client.force_login(inspector)
    page = client.get(reverse("feedback:concern", args=[noted.pk]))
    correct(hers, noted)
    day = REVIEW_DATE
    review = {"review_date_day": day.day, "review_date_month": day.month, "review_date_year": day.year}
    said = {"outcome": outcome, "owner": inspector.pk, "reason": "No.", "outside_reference": "C1", **review}

    response = client.post(
        reverse("feedback:concern", args=[noted.pk]), {**said, "version": page.context["form"].initial["version"]}
    )

    assert response.status_code == 409
    assert "She has corrected this since you opened it" in response.text
    assert Concern.objects.get().state == State.REPORTED


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_are_one(officer):
    booking = walked_booking([officer])
    note(booking, officer)

    def correct_it(text):
        concern = Concern.objects.get()
        try:
            actions.correct_concern(concern, version=0, place="There", text=text)
        except actions.MoveNotAllowed:
            return "refused"
        return "saved"

    outcomes = at_once(lambda: correct_it("One"), lambda: correct_it("Two"))

    assert sorted(outcomes) == ["refused", "saved"]
    assert Correction.objects.count() == 1


# --- The note


def test_note_is_for_the_walks_officers_and_its_inspector_alone(walked, officer, second_officer, inspector, stranger):
    note_walk(walked, officer, words="Bring a torch.")
    note_walk(walked, inspector, words="Read.")

    for nobody in (second_officer, stranger):
        with pytest.raises(PermissionDenied):
            note_walk(walked, nobody, words="Not hers.")
    assert WalkNote.objects.count() == 2


def test_note_is_not_written_before_the_walk_has_begun(officer):
    booking = scheduled_booking([officer])

    with pytest.raises(PermissionDenied):
        note_walk(booking, officer, words="Early.")


def test_note_sent_twice_is_one(walked, officer):
    submission = uuid.uuid4()
    for _ in range(2):
        note_walk(walked, officer, submission=submission, noted=["as_planned"])

    assert WalkNote.objects.count() == 1


def test_note_page_asks_for_something(walked, officer, client):
    client.force_login(officer)

    response = client.post(
        reverse("feedback:walk_note", args=[walked.walk.pk]),
        {"submission": str(uuid.uuid4()), "booking": str(walked.pk)},
    )

    assert response.status_code == 422
    assert "Tap how it was, or write something down" in response.text


def test_note_page_shows_what_was_noted(walked, officer, inspector, client):
    note_walk(walked, officer, noted=["another_walk"], agreed="A lamp.", words="Bring a torch.")
    client.force_login(inspector)

    page = client.get(reverse("feedback:walk_note", args=[walked.walk.pk]))
    walk_page = client.get(reverse("staff:walk", args=[walked.walk.pk]))

    for said in ("She would like another walk", "A lamp.", "Bring a torch.", officer.called):
        assert said in page.text
    assert reverse("feedback:walk_note", args=[walked.walk.pk]) in walk_page.text


def test_kept_walk_is_noted_by_her_handler_and_nobody_elses(stranger, inspector, client):
    walk = WalkFactory(
        bcu=stranger.bcu,
        handler=stranger,
        status=WalkStatus.COMPLETED,
        started_at=timezone.now(),
        start_at=timezone.now(),
    )
    scheduled_booking([stranger], walk=walk, handler=stranger)
    answers = {}

    for who in (stranger, inspector):
        client.force_login(who)
        answers[who.name] = client.get(reverse("feedback:walk_note", args=[walk.pk])).status_code

    assert answers == {stranger.name: 200, inspector.name: 404}


# --- Forgotten


def test_note_goes_with_her_details(walked, officer):
    note_walk(walked, officer, noted=["ring_her"], agreed="A lamp.", words="Bring a torch.")
    jobs.forget_walk_notes(timezone.now())
    kept = WalkNote.objects.get()
    walked.status = Status.COMPLETED
    forget_booking(walked)

    jobs.forget_walk_notes(timezone.now())

    gone = WalkNote.objects.get()
    assert (kept.agreed, kept.words, kept.noted) == ("A lamp.", "Bring a torch.", ["ring_her"])
    assert (gone.agreed, gone.words, gone.noted) == ("", "", [])
    assert gone.forgotten_at is not None


def test_corrections_go_with_the_concern(noted, hers):
    correct(hers, noted)

    actions.forget_concern(noted)

    assert Correction.objects.values_list("at", flat=True).count() == 1
    assert [(row.place, row.text) for row in Correction.objects.all()] == [("", "")]


def test_diverted_words_go_with_their_corrections(walked, officer, hers, inspector):
    note(walked, officer, kinds=("lighting", "followed"))
    first, second = Concern.objects.order_by("pk")
    for concern in (first, second):
        correct(hers, concern)

    actions.divert_concern(first, by=inspector, outside_reference="CRIS 1", version=1)

    assert [row.text for row in Correction.objects.all()] == ["", ""]
    assert {row.place for row in first.corrections.all()} == {""}
    assert {row.place for row in second.corrections.all()} == {"The bridge"}


def test_what_is_noted_is_not_readable_in_the_database(walked, officer, hers):
    note(walked, officer)
    correct(hers, Concern.objects.get())
    note_walk(walked, officer, noted=["ring_her"], agreed="Kanarienlampe", words="Kanarientaschenlampe")

    with connection.cursor() as cursor:
        for table in ("feedback_walknote", "feedback_correction", "feedback_concern"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = str(cursor.fetchall())
            for said in ("Kanarien", "Three men", "The bridge", "library", "ring_her"):
                assert said not in text


def test_day_in_the_message_is_the_day_of_the_walk(walked, officer):
    note(walked, officer)

    assert london.long_date(walked.walk.start_at) in Message.objects.get().text
