"""Protection against robots and floods: no puzzle, a clear answer, and no answers lost."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import RateCount
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.links import LinkRequest
from bookings.request_form import actions
from bookings.request_form.questions import booking_request
from outbox.models import Message
from tests.support.drafts_and_messages import CHECK, make_complete_draft, post_send_form, send_form_data
from tests.support.factories import BookingFactory

SENT = "/request/sent/"


@pytest.fixture
def ready(southwark):
    """Return clients with every question answered, as many as needed."""

    def go(network="192.0.2.1", email="maya@example.com", **other):
        client = Client(REMOTE_ADDR=network)
        _draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft(email=email, **other)
        return client

    return go


def _text(response):
    """Return the page without its CSRF token, which changes each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]+"', r"\1…", response.content.decode())


# --- Robots -----------------------------------------------------------------------------------------------------------


def test_honeypot_is_hidden_from_people(ready):
    page = _text(ready().get(CHECK))

    assert '<div class="govuk-visually-hidden" aria-hidden="true"><div class="govuk-form-group"' in page
    assert 'tabindex="-1"' in page


@pytest.mark.parametrize("seconds", [0, 3600])
def test_robots_press_shows_the_check_page_again_and_saves_nothing(ready, settings, seconds):
    settings.SEND_AFTER_SECONDS = seconds  # zero turns the check off; an hour makes every request too fast
    robot = ready()
    filled_in = {} if seconds else {"second_subject": "Cheap watches"}

    response = robot.post(CHECK, send_form_data(robot) | filled_in)

    assert response.status_code == 422
    assert "We don’t have your request yet. Press “Send your request” again" in _text(response)
    assert "Cheap watches" not in _text(response)
    assert robot.get(SENT)["Location"] == CHECK
    assert (Booking.objects.count(), Message.objects.count()) == (0, 0)


def test_robot_that_repeats_it_gets_the_limit_page_and_stops_nobody_else(ready, settings):
    settings.SEND_AFTER_SECONDS, settings.REQUESTS_PER_NETWORK_AN_HOUR = 0, 1
    robot, woman, elsewhere = ready(), ready(), ready(network="192.0.2.2")
    form = send_form_data(robot) | {"second_subject": "Cheap watches"}

    statuses = [robot.post(CHECK, form).status_code for _ in range(actions.ROBOT_PRESSES_AN_HOUR + 1)]
    limited = robot.post(CHECK, form)
    first_elsewhere = elsewhere.post(CHECK, send_form_data(elsewhere) | {"second_subject": "Cheap watches"})

    assert statuses == [422] * actions.ROBOT_PRESSES_AN_HOUR + [429]
    assert "020 7946 0101" in limited.text
    assert first_elsewhere.status_code == 422
    assert not Booking.objects.exists()
    assert post_send_form(woman)["Location"] == SENT
    assert Booking.objects.count() == 1


def test_requester_who_presses_too_soon_sends_with_the_next_press(ready, settings, time_machine):
    settings.SEND_AFTER_SECONDS = 1
    woman = ready()
    time_machine.move_to(timezone.now(), tick=False)

    first = woman.post(CHECK, send_form_data(woman))
    time_machine.shift(0.5)
    second = woman.post(CHECK, {"rendered": _stamp_in(first)})
    time_machine.shift(0.5)
    third = woman.post(CHECK, {"rendered": _stamp_in(second)})

    assert [first.status_code, second.status_code] == [422, 422]
    assert third["Location"] == SENT
    assert Booking.objects.count() == 1


def test_requester_taken_for_a_robot_can_send_again(ready):
    woman = ready()
    asked = woman.post(CHECK, send_form_data(woman) | {"second_subject": "filled in by her browser"})

    woman.post(CHECK, {"rendered": _stamp_in(asked), "second_subject": ""})

    assert Booking.objects.get().contact.name == "Maya"


@pytest.mark.parametrize("stamp", [None, "", "x" * 10_000, "another draft's"])
def test_send_without_a_valid_stamp_asks_again_and_keeps_the_answers(ready, stamp):
    woman, other = ready(), ready()
    form = {} if stamp is None else {"rendered": stamp}
    if stamp == "another draft's":
        form = send_form_data(other)

    response = woman.post(CHECK, form)

    assert response.status_code == 422
    assert "press “Send your request” again" in _text(response)
    assert not Booking.objects.exists()
    assert woman.post(CHECK, {"rendered": _stamp_in(response)})["Location"] == SENT
    assert Booking.objects.exists()


def _stamp_in(response):
    return response.context["form"]["rendered"].value()


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_network_over_the_limit_gets_other_contacts_and_keeps_its_answers(ready, settings):
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 2
    women = [ready(email=f"woman{n}@example.com") for n in range(3)]

    answers = [post_send_form(woman) for woman in women]
    other_network_response = post_send_form(ready(network="192.0.2.2"))

    assert [response.status_code for response in answers] == [302, 302, 429]
    page = _text(answers[2])
    assert "020 7946 0101" in page
    assert 'href="tel:101"' in page
    assert "woman2@example.com" in _text(women[2].get(CHECK))
    assert other_network_response["Location"] == SENT
    assert Booking.objects.count() == 3


def test_limit_page_of_a_restricted_request_does_not_name_the_local_team(ready, settings):
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1
    post_send_form(ready(email="first@example.com"))
    woman = ready(restricted={"restricted": "yes"})

    response = post_send_form(woman)

    assert response.status_code == 429
    assert "Central South" not in response.text
    assert "020 7946 0101" not in response.text
    assert 'href="tel:08000850000"' in response.text
    assert 'href="tel:101"' in response.text


def test_email_address_has_a_daily_limit_on_every_network_and_in_any_case(ready, settings):
    settings.REQUESTS_PER_ADDRESS_A_DAY = 2
    women = [ready(network=f"192.0.2.{n}", email="maya@example.com") for n in range(8)]

    answers = [post_send_form(woman).status_code for woman in women]

    accepted = answers.count(302)
    assert 2 <= accepted <= 2 + 3
    assert answers == [302] * accepted + [429] * (8 - accepted)
    assert post_send_form(ready(network="192.0.2.9", email="Maya@Example.com")).status_code == 429
    assert post_send_form(ready(email="other@example.com")).status_code == 302


def test_email_address_limit_differs_by_address(ready, settings):
    """Otherwise a stranger who tries a woman's address could work out whether she has asked for a walk."""
    settings.REQUESTS_PER_ADDRESS_A_DAY = 1
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1000

    accepted = {name: sum(_is_taken(f"{name}@example.com") for _ in range(5)) for name in "abcdef"}

    assert len(set(accepted.values())) > 1


def _is_taken(email):
    draft, _cookie = make_complete_draft(email=email)
    try:
        actions.request_booking(draft, request=booking_request(draft.answers), network="192.0.2.1")
    except actions.TooManyRequests:
        return False
    return True


def test_sending_twice_counts_once(ready, settings):
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1
    woman = ready()
    form = send_form_data(woman)

    answers = [woman.post(CHECK, form)["Location"] for _ in range(3)]

    assert answers == [SENT] * 3


def test_refused_request_does_not_count_towards_a_limit(ready, settings):
    """Otherwise a flood would keep the limit closed to everyone for as long as it lasts."""
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1
    post_send_form(ready())

    post_send_form(ready(email="other@example.com"))

    network, address, line_in_the_security_log = RateCount.objects.values_list("count", flat=True)
    assert (network, address, line_in_the_security_log) == (1, 1, 1)
    assert sum(bool(draft.answers) for draft in Draft.objects.all()) == 1


# --- Link requests ----------------------------------------------------------------------------------------------------

FIND = {"": "/my-walk/", settings.DISCREET_HOST: "/r/"}  # by host


def request_link(reference, host="", network="192.0.2.1"):
    headers = {"host": host} if host else {}
    return Client(REMOTE_ADDR=network).post(FIND[host], {"reference": reference}, headers=headers)


@pytest.mark.parametrize("host", FIND)
def test_network_over_the_link_limit_gets_other_contacts(host, southwark, settings):
    settings.LINKS_PER_NETWORK_AN_HOUR = 2
    booking = BookingFactory()

    answers = [request_link(booking.reference, host) for _ in range(3)]
    other_network_response = request_link(booking.reference, host, network="192.0.2.2")

    assert [response.status_code for response in answers] == [200, 200, 429]
    assert f'href="{FIND[host]}">enter your reference and your PIN together' in answers[2].text
    assert 'href="tel:999"' in answers[2].text
    assert ('href="tel:101"' in answers[2].text) == (host == "")
    assert other_network_response.status_code == 200
    assert LinkRequest.objects.count() == 3


def test_refused_link_is_the_same_for_every_reference(southwark, settings):
    settings.LINKS_PER_NETWORK_AN_HOUR = 0
    booking = BookingFactory()

    there_is, there_is_not = (request_link(reference).content for reference in (booking.reference, "0123456789ABC"))

    assert there_is == there_is_not


def test_pin_opens_the_page_when_links_are_limited(southwark, settings):
    settings.LINKS_PER_NETWORK_AN_HOUR = 0
    booking = BookingFactory()

    response = Client().post("/my-walk/", {"reference": booking.reference, "pin": "402817"})

    assert response.status_code == 302
