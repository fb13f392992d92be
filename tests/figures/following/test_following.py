"""Following an area: asking, confirming and stopping, through the pages and the outbox."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from data_rights.erasure.actions import carry_out_erasure
from figures.following.actions import ASKED_OF_AN_ADDRESS_A_DAY
from figures.following.jobs import forget_unconfirmed, forget_unreachable
from figures.models.followers import FollowedArea, Follower
from outbox.actions import record_bounce
from outbox.models import Attempt, Message
from outbox.sending.delivery import build_email
from outbox.statuses import State, Step
from tests.support.discreet_search import everything_in_message, everything_sent, revealing_words
from tests.support.factories import BookingFactory, in_days
from tests.support.following import EMAIL, FOLLOW, ask, hidden_fields, latest_links, make_follower, neutral, press
from walkandtalk.lib import tokens

SENT = "/what-women-told-us/follow/sent/"
DAY, WEEK = datetime.timedelta(days=1), datetime.timedelta(days=7)
SAVEPOINT = re.compile(r'"s\d+_x\d+"')
GIVEN_AWAY = ("what-women-told-us", "women", "told us")


def confirmed_areas():
    return list(FollowedArea.objects.confirmed().order_by("area").values_list("area", flat=True))


def test_asking_writes_once_and_confirms_nothing(southwark):
    response = ask(email="Ines@Example.com")

    assert response["Location"] == SENT
    assert (Follower.objects.get().email_hmac, confirmed_areas()) == (tokens.index_hmac(EMAIL), [])
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("follower_confirm", "Ines@Example.com")
    assert "7 days" in Client().get(SENT).text


def test_scanner_that_opens_every_link_confirms_and_stops_nothing(southwark):
    ask()

    pages = [neutral("get", path) for path in latest_links()]
    for path in latest_links():
        neutral("head", path)

    assert [page.status_code for page in pages] == [200, 200]
    assert (confirmed_areas(), Follower.objects.count()) == ([], 1)


def test_pressing_the_button_confirms(southwark):
    ask()
    confirm, _stop = latest_links()

    page = neutral("get", press(confirm)["Location"])

    assert "You’re on the list" in page.text
    assert confirmed_areas() == ["southwark"]


def test_link_to_confirm_works_for_seven_days(southwark):
    ask()
    confirm, _stop = latest_links()

    with time_machine.travel(timezone.now() + WEEK + datetime.timedelta(minutes=1)):
        assert [neutral(method, confirm, client=Client()).status_code for method in ("get", "post")] == [404, 404]

    assert confirmed_areas() == []


@pytest.mark.parametrize("page", ["", "confirm/", "stop/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_token_of_nobody_opens_nothing(method, page, southwark, client):
    follower, confirm_token = make_follower()
    wrong = confirm_token if page != "confirm/" else follower.token  # a token for another page opens nothing here

    answers = [neutral(method, f"/r/updates/{token}/{page}", client=client) for token in (wrong, "x" * 43)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [revealing_words(everything_sent(answer)) for answer in answers] == [[], []]
    assert Follower.objects.count() == 1


# --- Stopping ---------------------------------------------------------------------------------------------------------


def test_stopping_forgets_the_address_and_what_was_written_to_it(southwark):
    ask()
    _confirm, stop = latest_links()

    assert "Stop these emails" in neutral("get", stop).text
    assert "The emails have stopped" in press(stop).text

    assert (Follower.objects.exists(), FollowedArea.objects.exists()) == (False, False)
    message = Message.objects.get()
    assert (message.recipient, message.text, message.html, message.unsubscribe_url) == ("", "", "", None)
    assert message.state == State.SUPERSEDED
    assert neutral("get", stop).status_code == 404


def test_mail_program_stops_it_with_one_post(southwark):
    """RFC 8058: two headers, and one POST that needs neither a cookie nor a form token."""
    ask()
    mail = build_email(Message.objects.get()).message()
    raw = mail.as_bytes()

    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    (header,) = [line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe: ")]
    _confirm, stop = latest_links()
    assert header.startswith(b"List-Unsubscribe: <http")
    assert header.endswith(stop.encode() + b">")

    neutral("post", stop, {"List-Unsubscribe": "One-Click"})

    assert not Follower.objects.exists()


def test_message_without_a_way_to_stop_has_no_such_header(southwark):
    ask()
    Message.objects.update(unsubscribe_url=None)

    assert b"List-Unsubscribe" not in build_email(Message.objects.get()).message().as_bytes()


def test_nobody_who_did_not_confirm_is_kept_for_longer_than_a_week(southwark):
    ask()
    follower, _token = make_follower("lambeth", email="kept@example.com")
    FollowedArea.objects.ask(follower, "southwark", now=timezone.now())

    forget_unconfirmed(timezone.now() + WEEK - DAY)
    assert (Follower.objects.count(), FollowedArea.objects.count()) == (2, 3)
    forget_unconfirmed(timezone.now() + WEEK + DAY)

    assert (Follower.objects.get(), FollowedArea.objects.get().area) == (follower, "lambeth")
    assert Message.objects.get().recipient == ""


def test_address_from_which_a_message_came_back_is_forgotten(southwark):
    ask()
    message = Message.objects.get()
    Message.objects.update(state=State.SENT, sent_at=timezone.now())
    record_bounce(message.message_id)

    forget_unreachable(timezone.now())

    message.refresh_from_db()
    assert (Follower.objects.exists(), message.recipient, message.resolved_at is None) == (False, "", False)


@pytest.mark.parametrize(("step", "is_kept"), [(Step.REFUSED, False), (Step.DEFERRED, True)])
def test_address_is_forgotten_if_its_server_refused_it_and_kept_if_ours_was_down(step, is_kept, southwark):
    ask()
    message = Message.objects.get()
    Message.objects.update(state=State.FAILED)
    Attempt.objects.create(message=message, number=1, step=step)

    forget_unreachable(timezone.now())

    assert Follower.objects.exists() == is_kept
    assert not Message.objects.filter(resolved_at=None).exists()


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_deleting_her_details_stops_updates_to_the_address_she_confirmed(is_confirmed, southwark):
    make_follower()
    due = {"status": "cancelled_by_requester", "erasure_due_at": in_days(-1)}
    confirmed_at = timezone.now() if is_confirmed else None
    booking = BookingFactory(borough=southwark, contact__email=EMAIL, confirmed_at=confirmed_at, **due)
    booking.contact.email_hmac = tokens.index_hmac(EMAIL)
    booking.contact.save()

    carry_out_erasure(booking, now=timezone.now())

    booking.refresh_from_db()
    assert booking.erased_at is not None
    assert Follower.objects.exists() != is_confirmed


# --- What others can learn --------------------------------------------------------------------------------------------


def test_nothing_in_the_messages_or_before_the_press_says_what_it_is_about(southwark):
    """Neither the service nor the area: not in sender, subject, preview or body, nor on the pages behind the links."""
    ask()
    message = Message.objects.get()
    written = everything_in_message(message)
    press(latest_links()[0])
    stop = latest_links()[1]
    pages = [neutral("get", path) for path in (*latest_links(), stop.replace("stop/", ""))]
    pages.append(press(stop))

    assert message.sender.startswith("Appointments ")
    texts = [written, *map(everything_sent, pages)]
    assert {page.status_code for page in pages} == {200}
    assert [revealing_words(text) for text in texts] == [[]] * 5
    assert [word for word in GIVEN_AWAY for text in texts if word in text.lower()] == []


def test_update_leads_to_each_area_after_a_press(southwark):
    follower, _token = make_follower("london", "southwark", "gone-since")
    FollowedArea.objects.ask(follower, southwark.bcu.slug, now=timezone.now())  # not confirmed

    page = press(f"/r/updates/{follower.token}/").text

    assert "/what-women-told-us/southwark/" in page
    assert page.count('/what-women-told-us/"') == 1  # London, for "london" and for what is gone
    assert southwark.bcu.slug not in page


def test_known_address_gets_the_same_answer_for_the_same_work(southwark):
    make_follower(email="known@example.com")
    client, seen = Client(), []

    for email in ("known@example.com", "unknown@example.com"):
        form = {**hidden_fields(client), "area": "southwark", "email": email}
        with CaptureQueriesContext(connection) as queries:
            response = client.post(FOLLOW, form)
        seen.append(
            (response.status_code, response["Location"], [SAVEPOINT.sub("", query["sql"])[:60] for query in queries])
        )

    assert seen[0] == seen[1]
    assert [message.kind for message in Message.objects.all()] == ["follower_confirm"] * 2


def test_somebody_elses_question_changes_nothing_for_a_follower(southwark):
    make_follower("southwark")

    ask()

    assert confirmed_areas() == ["southwark"]


# --- Limits and mistakes ----------------------------------------------------------------------------------------------


def test_address_gets_few_questions_a_day_and_the_answer_never_says_so(southwark):
    answers = {ask(email=email)["Location"] for email in [EMAIL, "INES@example.com", *[EMAIL] * 4]}

    assert answers == {SENT}
    assert Message.objects.count() == ASKED_OF_AN_ADDRESS_A_DAY == 3


def test_network_has_a_limit_that_keeps_what_was_typed(southwark, settings):
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1
    ask()

    response = ask(email="other@example.com")

    assert (response.status_code, Message.objects.count()) == (429, 1)
    assert 'value="other@example.com"' in response.text


@pytest.mark.parametrize("seconds", [0, 3600])
def test_robot_is_not_believed(southwark, settings, seconds):
    settings.SEND_AFTER_SECONDS = seconds

    response = ask(**({} if seconds else {"second_subject": "Cheap watches"}))

    assert response.status_code == 422
    assert "We don’t have it yet. Press “Send me a link to confirm” again" in response.text
    assert not Follower.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"area": ""}, "Select an area"),
        ({"area": "atlantis"}, "Select one of the answers shown"),
        ({"area": "city-of-london"}, "Select one of the answers shown"),
        ({"email": ""}, "Enter your email address"),
        ({"email": "ines"}, "Enter an email address in the right form"),
    ],
)
def test_mistakes_say_what_to_do(changed, words, southwark):
    response = ask(**changed)

    assert response.status_code == 422
    assert response.context["error_summary"][0]["text"].startswith(words)
    assert not Message.objects.exists()


def test_page_of_an_area_has_it_chosen_already(southwark):
    page = Client().get("/what-women-told-us/southwark/follow/")

    assert '<option value="southwark" selected>Southwark</option>' in page.text
    assert 'href="/what-women-told-us/southwark/" class="govuk-back-link"' in page.text
    assert 'href="/what-women-told-us/" class="govuk-back-link"' in Client().get(FOLLOW).text
    assert Client().get("/what-women-told-us/atlantis/follow/").status_code == 404
