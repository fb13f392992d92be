"""“Forgotten your password?”: the same answer for every address, and a link for an active person only."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import ResetRequest, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.new_passwords.jobs import answer_reset_requests, delete_expired_links
from accounts.password_tries.known_browsers import find_mark
from boroughs.models.officers import Officer
from tests.support.factories import PASSWORD
from tests.support.password_links import CHOSEN, choose, link_to, messages_to, send_reset
from walks.feeds.actions import create_feed

pytestmark = pytest.mark.django_db

FORGOTTEN = "/staff/forgotten-password/"


def ask(email, *, client=None, network="192.0.2.1"):
    return (client or Client()).post(FORGOTTEN, {"email": email}, REMOTE_ADDR=network)


def recorded():
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "officer", "subject"))


def test_every_address_gets_the_same_answer_for_the_same_work(officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    addresses = [officer.email, "nobody@example.com"]

    answers, queries = [], []
    for email in addresses:
        with CaptureQueriesContext(connection) as asked:
            answers.append(ask(email))
        queries.append(len(asked))

    pages = {(answer.status_code, answer.text.replace(str(answer.context["csrf_token"]), "")) for answer in answers}
    assert len(pages) == 1
    assert queries[0] == queries[1]
    assert ResetRequest.objects.count() == 2
    assert recorded() == []


@pytest.mark.parametrize("spelling", [str, str.upper, "  {}  ".format])
def test_active_person_gets_a_link_at_the_address_on_file(spelling, officer):
    ask(spelling(officer.email))

    answer_reset_requests(timezone.now())

    (message,) = messages_to(officer)
    assert (message.kind, message.recipient) == ("account_password_reset", officer.email)
    assert recorded() == [(Kind.RESET_ASKED, None, officer.pk)]
    assert not ResetRequest.objects.exists()


def test_nobody_and_someone_whose_account_is_closed_get_nothing(officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    ask(officer.email)
    ask("nobody@example.com")

    answer_reset_requests(timezone.now())

    assert messages_to(officer) == []
    assert recorded() == [(Kind.RESET_ASKED, None, officer.pk)]
    assert not ResetRequest.objects.exists()


def test_asking_changes_nothing(client, officer):
    client.force_login(officer)

    ask(officer.email)
    answer_reset_requests(timezone.now())

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert client.get("/staff/walks/").status_code == 200


def test_new_password_ends_sessions_and_feeds_and_leads_to_signing_in(client, officer):
    elsewhere = Client()
    elsewhere.force_login(officer)
    feed = reverse("calendar-feed", args=[create_feed(officer)])
    client.get(send_reset(officer))

    chosen = choose(client)
    led_to = client.get(chosen.url)

    officer.refresh_from_db()
    assert officer.check_password(CHOSEN)
    assert (chosen.url, led_to.status_code) == ("/staff/sign-in/", 200)
    assert "You’ve changed your password. Sign in with the new one." in led_to.text
    assert [browser.get("/staff/walks/").status_code for browser in (client, elsewhere)] == [302, 302]
    assert Client().get(feed).status_code == 404
    assert recorded()[-2:] == [(Kind.RESET_ASKED, None, officer.pk), (Kind.PASSWORD_CHOSEN, officer.pk, officer.pk)]
    assert messages_to(officer)[-1].kind == "account_password_set"


def test_reset_signs_out_a_colleague_on_the_same_computer(client, officer, second_officer):
    client.force_login(second_officer)
    client.get(send_reset(officer))

    assert client.get(choose(client).url).status_code == 200


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (31, False)])
def test_link_works_for_half_an_hour_also_once_it_has_been_opened(minutes, works, client, officer):
    link = send_reset(officer)
    client.get(link)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
        opened, chosen = Client().get(link), choose(client)

    assert (opened.status_code, chosen.status_code) == ((302, 302) if works else (404, 404))


def test_message_is_of_no_use_after_its_link(officer):
    send_reset(officer)

    (message,) = messages_to(officer)
    assert abs(message.expires_at - timezone.now() - datetime.timedelta(minutes=30)) < datetime.timedelta(minutes=1)


def test_newer_link_ends_an_earlier_one(client, officer):
    links = [send_reset(officer), send_reset(officer)]

    assert [client.get(link).status_code for link in links] == [404, 302]
    assert [message.state for message in messages_to(officer)] == ["superseded", "pending"]


def test_expired_links_are_deleted_and_others_stay(officer, second_officer):
    send_reset(officer)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=20)):
        kept = send_reset(second_officer)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        delete_expired_links(timezone.now())
        assert [link_to(second_officer) == kept, Client().get(kept).status_code] == [True, 302]


# --- Limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["susan@example.com", "nobody@example.com"])
def test_one_address_is_asked_for_three_times_an_hour_in_all_its_spellings(email, officer):
    Officer.objects.filter(pk=officer.pk).update(email="susan@example.com")
    spellings = [email, email.upper(), email.title().swapcase(), email.replace("s", "ſ"), f" {email}"]

    answers = [ask(spelling, network=f"192.0.2.{n}").status_code for n, spelling in enumerate(spellings)]

    assert answers == [200, 200, 200, 429, 429]


def test_one_network_asks_for_a_limited_number_of_addresses(settings):
    settings.RESETS_PER_NETWORK_AN_HOUR = 2

    answers = [ask(f"someone{n}@example.com").status_code for n in range(3)]

    assert answers == [200, 200, 429]
    assert ResetRequest.objects.count() == 2
    assert recorded() == [(Kind.LIMIT_REACHED, None, None)]


def test_browser_in_which_the_password_was_chosen_is_known(client, officer):
    client.get(send_reset(officer))
    choose(client)
    officer.refresh_from_db()

    request = RequestFactory().get("/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    assert find_mark(request, officer) is not None
