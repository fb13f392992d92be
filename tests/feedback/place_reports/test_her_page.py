"""The page of someone who told us about a place: who opens it, what it says, and what she can do there."""

import datetime
import re

import pytest
import time_machine
from django.conf import settings as project_settings
from django.test import Client
from django.utils import timezone

from bookings.statuses import Channel
from feedback import jobs
from feedback.concerns.actions import Acceptance, accept_concern
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import ReportContact, ReportLink
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.place_reports.actions import report_not_mine
from feedback.recipients import ContactRecipient
from feedback.statuses import FollowUpAnswer, State
from outbox.models import Message
from outbox.statuses import State as MessageState
from tests.support.factories import in_days
from tests.support.feedback_factories import REVIEW_DATE, make_follow_up_question
from tests.support.place_reports import PIN, link_to, make_place_report
from tests.support.sample_messages import find_link

HERS = ["Too dark", "library"]
WAS_IT_YOU = "Was it you?"


@pytest.fixture
def contact(southwark):
    return make_place_report(southwark)


@pytest.fixture
def unconfirmed(southwark):
    return make_place_report(southwark, is_confirmed=False)


@pytest.fixture
def discreet(southwark):
    return make_place_report(southwark, channel=Channel.DISCREET, is_confirmed=False)


def page_of(contact):
    return f"/tell-us/yours/{link_to(contact)}/"


def accept(inspector, **event):
    """Accept the only concern, then tell her what was done."""
    concern = Concern.objects.get()
    accept_concern(concern, Acceptance(owner=inspector, review_date=REVIEW_DATE), by=inspector)
    return concern


# --- Who opens it -----------------------------------------------------------------------------------------------------


def test_link_in_the_message_shows_nothing_until_she_says_it_was_her(unconfirmed, client, settings):
    settings.PUBLIC_URL = "https://walk.example.com"
    page = page_of(unconfirmed)

    before = client.get(page).text
    after = client.post(f"{page}confirm/", follow=True).text

    assert WAS_IT_YOU in before
    assert [word for word in [*HERS, "Southwark"] if word in before] == []
    assert all(word in after for word in HERS)


@pytest.mark.parametrize("action", ["better", "stop", "delete"])
def test_nothing_can_be_done_before_she_says_it_was_her(action, unconfirmed, client):
    page = page_of(unconfirmed)

    response = client.post(f"{page}{action}/", {})

    assert response["Location"] == page
    unconfirmed.refresh_from_db()
    assert (unconfirmed.messages_stopped_at, unconfirmed.erased_at) == (None, None)
    assert Concern.objects.get().text != ""


def test_get_confirms_and_refuses_nothing(unconfirmed, client):
    page = page_of(unconfirmed)

    statuses = [client.get(f"{page}{button}/").status_code for button in ("confirm", "not-me")]

    assert statuses == [405, 405]
    assert ReportContact.objects.get().confirmed_at is None


def test_this_was_not_me_forgets_the_address_and_every_link(unconfirmed, client):
    page = page_of(unconfirmed)

    response = client.post(f"{page}not-me/")

    assert "We won’t write to this address about it again" in response.text
    contact = ReportContact.objects.get()
    assert (contact.email, contact.email_hmac, contact.can_be_emailed) == ("", "", False)
    assert client.get(page).status_code == 404
    assert Concern.objects.get().text == "I cannot see the ground."
    assert {message.state for message in Message.objects.all()} == {MessageState.SUPERSEDED}


def test_stranger_with_a_discreet_email_says_so_without_a_pin(discreet, client):
    page = page_of(discreet)

    client.post(f"{page}not-me/")

    assert ReportContact.objects.get().email == ""


def test_confirmed_report_is_not_given_up_by_someone_else_who_opens_her_email(contact, client):
    page = page_of(contact)

    response = client.post(f"{page}not-me/")
    report_not_mine(contact)

    assert response["Location"] == page
    assert ReportContact.objects.get().email == "ines@example.com"


def test_discreet_link_needs_the_pin_which_confirms(discreet, client):
    page = page_of(discreet)

    asked, wrong = client.get(page).text, client.post(page, {"pin": "111111"}).text
    right = client.post(page, {"pin": PIN}, follow=True).text

    assert [word for word in HERS if word in asked + wrong] == []
    assert all(word in right for word in HERS)
    assert ReportContact.objects.get().confirmed_at is not None


def test_only_a_link_that_we_emailed_confirms_an_address_for_the_counts(discreet, client):
    find = {"reference": discreet.reference, "pin": PIN}
    own_link = Client().post("/tell-us/find/", find)["Location"]
    Client().post(own_link, {"pin": PIN})
    before = Report.objects.get().is_confirmed

    emailed = ContactRecipient(discreet).page_url(timezone.now()).split("/r/yours/")[1]
    client.post(f"/tell-us/yours/{emailed}", {"pin": PIN})

    assert discreet.confirmed_at is None
    assert (before, Report.objects.get().is_confirmed) == (False, True)


def test_saying_that_it_was_her_counts_and_outlives_how_to_reach_her(unconfirmed, client):
    client.post(f"{page_of(unconfirmed)}confirm/")

    jobs.erase_due_report_contacts(timezone.now() + datetime.timedelta(days=366))

    assert ReportContact.objects.get().confirmed_at is None
    assert Report.objects.get().is_confirmed is True


def test_reference_and_pin_open_her_page(southwark, client):
    contact = make_place_report(southwark, channel=Channel.NONE)

    response = client.post("/tell-us/find/", {"reference": contact.spoken_reference, "pin": PIN}, follow=True)

    assert all(word in response.text for word in HERS)


def test_unknown_reference_gets_the_answer_to_a_wrong_pin(southwark):
    contact = make_place_report(southwark, channel=Channel.NONE)

    wrong, unknown = (
        Client().post("/tell-us/find/", {"reference": reference, "pin": "111111"})
        for reference in (contact.reference, "0123456789ABC")
    )

    errors = [response.context["error_summary"][0]["text"] for response in (wrong, unknown)]
    assert errors == ["That reference and PIN don’t match. Check both and try again."] * 2


def test_five_wrong_pins_pause_this_network_and_no_other(southwark, client):
    contact = make_place_report(southwark, channel=Channel.NONE)
    reference = contact.reference

    for _ in range(5):
        client.post("/tell-us/find/", {"reference": reference, "pin": "111111"})
    paused = client.post("/tell-us/find/", {"reference": reference, "pin": PIN})
    elsewhere = Client(REMOTE_ADDR="192.0.2.9").post("/tell-us/find/", {"reference": reference, "pin": PIN})

    assert "Too many tries" in paused.text
    assert elsewhere.status_code == 302


def test_twenty_wrong_pins_from_many_networks_pause_one_report_and_her_page_says_so(southwark):
    contacts = [make_place_report(southwark, channel=Channel.NONE) for _each in range(2)]
    first, second = ({"reference": contact.reference, "pin": PIN} for contact in contacts)

    def find(number, **found):
        return Client(REMOTE_ADDR=f"198.51.{number}.1").post("/tell-us/find/", found, follow=True)

    for number in range(20):
        find(number, **first | {"pin": "111111"})
        find(number, **first | {"pin": "111111", "reference": "0123456789ABC"})
    paused, unknown = find(30, **first), find(30, **first | {"reference": "0123456789ABC"})

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        opened = find(30, **first)

    assert "Wait a day, then try again" in paused.text
    assert [page.context["error_summary"] for page in (paused, unknown)] == [paused.context["error_summary"]] * 2
    assert [says in opened.text for says in (*HERS, "many wrong PINs")] == [True, True, True]
    assert "many wrong PINs" not in find(30, **second).text


def test_link_expires(contact, client):
    token = ReportLink.objects.create_token(contact, expires_at=timezone.now())

    assert client.get(f"/tell-us/yours/{token}/").status_code == 404


# --- What it says -----------------------------------------------------------------------------------------------------


def test_page_lists_each_step_with_its_day_and_our_words(contact, client, inspector):
    concern = accept(inspector)
    words = {"from_state": State.ACCEPTED, "to_requester": "A lamp is ordered.", "internal": "Ask Ravi."}
    ConcernEvent.objects.record(concern, to_state=State.PLANNED, **words)
    ConcernEvent.objects.record(concern, from_state=State.PLANNED, to_state=State.PLANNED, internal="Handed over.")

    page = client.get(page_of(contact)).text

    steps = re.findall(r"[0-9]{4}: <strong>([^<]+)</strong>", page)
    assert steps == ["We have it", "We’re checking it", "We’re looking into it", "Action is planned"]
    assert "A lamp is ordered." in page
    assert [word for word in ("Ask Ravi", "Handed over", inspector.name) if word in page] == []


def test_answer_goes_to_her_address(contact, inspector):
    Message.objects.all().delete()

    accept(inspector)

    message = Message.objects.get(kind="concern_answered")
    assert message.recipient == "ines@example.com"
    assert "There’s an answer to what you told us" in message.text
    assert contact.spoken_reference in message.text


def test_unconfirmed_address_gets_one_question_and_her_page_has_all_the_rest(unconfirmed, inspector, client):
    accept(inspector)
    resolve(unconfirmed)
    jobs.send_follow_up_questions(in_days(0, hour=12))

    kinds = [message.kind for message in Message.objects.all() if message.recipient == "ines@example.com"]
    page = client.post(f"{page_of(unconfirmed)}confirm/", follow=True).text

    assert kinds == ["place_report_received"]
    assert all(words in page for words in ("A lamp was mended.", "Tell us if it’s better"))


# --- What she can do --------------------------------------------------------------------------------------------------


def resolve(contact):
    Concern.objects.update(state=State.RESOLVED)
    event = {"to_state": State.RESOLVED, "to_requester": "A lamp was mended.", "at": in_days(-30)}
    ConcernEvent.objects.record(Concern.objects.get(), **event)


def test_question_whether_it_is_better_comes_after_four_weeks(contact, client, settings, inspector):
    settings.PUBLIC_URL = "https://walk.example.com"
    accept(inspector)
    resolve(contact)
    jobs.send_follow_up_questions(in_days(0, hour=12))
    question = FollowUpQuestion.objects.get()
    path = find_link(Message.objects.get(kind="follow_up_question").text).removeprefix("https://walk.example.com")

    key = question.pk.hex
    answered = client.post(path, {f"better_{key}": "no", f"now_{key}": "2"}, follow=True)

    question.refresh_from_db()
    assert (question.answer, question.feeling) == (FollowUpAnswer.NO, 2)
    concern = Concern.objects.get()
    assert (concern.state, concern.review_date) == (State.ACCEPTED, timezone.localdate())
    assert 'href="/request/"' in answered.text


def test_question_is_on_the_page_of_a_woman_without_email(southwark, client, inspector):
    contact = make_place_report(southwark, channel=Channel.NONE)
    accept(inspector)
    resolve(contact)

    jobs.send_follow_up_questions(in_days(0, hour=12))

    assert FollowUpQuestion.objects.count() == 1
    assert not Message.objects.filter(kind="follow_up_question").exists()
    found = client.post("/tell-us/find/", {"reference": contact.reference, "pin": PIN}, follow=True).text
    assert "Tell us if it’s better" in found


def test_neutral_host_offers_no_walk(southwark, inspector):
    contact = make_place_report(southwark, channel=Channel.DISCREET)
    resolve(contact)
    make_follow_up_question(Concern.objects.get())
    client = Client(headers={"host": project_settings.DISCREET_HOST})
    page = f"/r/yours/{link_to(contact)}/"
    client.post(page, {"pin": PIN})

    FollowUpQuestion.objects.update(answer="yes", answered_at=timezone.now())
    answered = client.get(f"{page}better/").text

    assert "Thank you" in answered
    assert "/request/" not in answered


def test_stop_messages(contact, client, inspector):
    page = page_of(contact)

    client.post(f"{page}stop/")
    accept(inspector)

    assert not Message.objects.filter(kind="concern_answered").exists()
    assert "We don’t email you" in client.get(page).text


def test_delete_erases_words_contact_and_messages_and_keeps_the_counts(southwark, client):
    contact = make_place_report(southwark, before=2)
    page, person = page_of(contact), contact.report.person_key
    resolve(contact)
    FollowUpQuestion.objects.create(
        event=ConcernEvent.objects.last(), asked_at=in_days(-1), answer="yes", answered_at=in_days(0), feeling=4
    )

    response = client.post(f"{page}delete/")

    assert "We’ve deleted it" in response.text
    concern, gone = Concern.objects.get(), ReportContact.objects.get()
    told = (concern.light, concern.time_of_day, concern.how_often, concern.consent, concern.report.before)
    assert told == ("", "", "", False, None)
    assert FollowUpQuestion.objects.get().feeling is None
    assert (concern.place, concern.text, concern.kind, concern.report.person_key) == ("", "", "lighting", person)
    assert (gone.email, gone.email_hmac, gone.pin_hmac, gone.reference) == ("", "", "", None)
    assert not ReportLink.objects.exists()
    assert {(message.recipient, message.text) for message in Message.objects.all()} == {("", "")}
    assert client.get(page).status_code == 404


# --- How long we keep it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "days", "is_erased"),
    [
        (State.ACCEPTED, 364, False),
        (State.ACCEPTED, 365, True),
        (State.NO_ACTION, 89, False),
        (State.NO_ACTION, 91, True),
    ],
)
def test_contact_is_erased_after_the_last_news_and_after_a_year(state, days, is_erased, contact, inspector):
    Concern.objects.update(state=state, owner=inspector, review_date=REVIEW_DATE)

    jobs.erase_due_report_contacts(timezone.now() + datetime.timedelta(days=days))

    contact.refresh_from_db()
    assert (contact.erased_at is not None, contact.email == "") == (is_erased, is_erased)
    assert Concern.objects.get().text == "I cannot see the ground."
