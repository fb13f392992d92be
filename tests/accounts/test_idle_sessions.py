"""Idle sessions on an officer's phone during a walk: the buttons work, and nothing personal is shown."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from boroughs.models.officers import Officer
from tests.support.factories import PASSWORD, WalkFactory, scheduled_booking
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
REQUESTER_DETAILS = (
    "Maya Example",
    "green lantern",
    "silver river",
    "I use a stick.",
    "You may text her",
    "Not here: Maya",
)


@pytest.fixture
def walk(southwark, team):
    """A walk that starts in half an hour and lasts an hour."""
    start_at = timezone.now() + datetime.timedelta(minutes=30)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at)
    scheduled_booking(team, borough=southwark, walk=walk)
    return walk


def sign_in(client, person):
    client.post(SIGN_IN, {"username": person.email, "password": PASSWORD})


@pytest.fixture
def phone(client, walk, officer):
    """The officer's phone, on which the walk page has just been opened."""
    sign_in(client, officer)
    assert "Maya Example" in client.get(address("on_the_day:walk", walk)).text
    return client


def address(name, *rows):
    return reverse(name, args=[row.pk for row in rows])


def after(minutes):
    return time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes))


def is_asked_to_sign_in(response):
    return response.status_code == 302 and response["Location"].startswith(SIGN_IN)


def test_idle_page_hides_personal_details_and_shows_time_and_place(phone, walk):
    with after(14):
        active_page = phone.get(address("on_the_day:walk", walk)).text
    with after(30):
        text = phone.get(address("on_the_day:walk", walk)).text

    assert "Maya Example" in active_page
    assert [word for word in REQUESTER_DETAILS if word in text] == []
    assert "by the flower stall" in text
    assert "020 7946 0101" in text
    assert f"{SIGN_IN}?next={address('on_the_day:walk', walk)}" in text


def test_idle_buttons_work_to_the_end_of_the_walk(phone, walk):
    booking = walk.bookings.get()
    for minutes, name in [(20, "set_off"), (40, "arrive"), (62, "start_walk"), (85, "end_walk")]:
        with after(minutes):
            assert phone.post(address(f"on_the_day:{name}", walk))["Location"] == address("on_the_day:walk", walk)

    walk.refresh_from_db()
    booking.refresh_from_db()
    assert walk.status == WalkStatus.COMPLETED
    assert [event.kind for event in walk.events.all()] == ["set_off", "arrived", "started", "ended"]


def test_idle_officer_can_record_a_no_show(phone, walk):
    booking = walk.bookings.get()
    with after(45):
        page = phone.get(address("on_the_day:walk", walk)).text
        form = phone.get(address("on_the_day:record_no_show", walk, booking))
        phone.post(
            address("on_the_day:record_no_show", walk, booking), {"waited_minutes": "10", "call_outcome": "no_answer"}
        )
        arrival_response = phone.post(address("on_the_day:record_late_arrival", walk, booking))

    assert "She isn’t here" in page
    assert "Maya" not in form.text
    assert arrival_response.status_code == 302
    assert walk.bookings.get().status == "scheduled"


def test_idle_page_of_a_shared_walk_names_no_requester(phone, walk, southwark, team):
    scheduled_booking(team, borough=southwark, walk=walk)
    with after(45):
        text = phone.get(address("on_the_day:walk", walk)).text

    assert "not here" not in text.lower()
    assert "Maya" not in text


@pytest.mark.parametrize(
    "name", ["on_the_day:phrase", "on_the_day:reveal_phone", "scheduling:change_walk", "feedback:record_concern"]
)
def test_idle_session_opens_no_other_page(name, phone, walk):
    rows = [walk, walk.bookings.get()] if name == "on_the_day:reveal_phone" else [walk]
    path = address(name, *rows)

    with after(30):
        answers = [phone.get(path), phone.post(path), phone.get("/staff/password/")]

    assert all(is_asked_to_sign_in(answer) for answer in answers)


def test_idle_session_shows_no_walk_on_another_day(phone, walk, team, bcu):
    later = WalkFactory(bcu=bcu, officers=team, meeting_place="Somewhere else")

    with after(30):
        listed = phone.get("/staff/walks/").text
        page = phone.get(address("on_the_day:walk", later))

    assert "by the flower stall" in listed
    assert "Somewhere else" not in listed
    assert page.status_code == 404


def test_only_the_password_ends_the_idle_state(phone, walk, officer):
    with after(30):
        phone.post(address("on_the_day:set_off", walk))
        pressed = phone.get(address("on_the_day:walk", walk)).text
        phone.post(SIGN_IN, {"username": officer.email, "password": "not it"})
        error_response = phone.get(address("on_the_day:walk", walk)).text
        phone.post(
            f"{SIGN_IN}?next={address('on_the_day:walk', walk)}", {"username": officer.email, "password": PASSWORD}
        )
        active_page = phone.get(address("on_the_day:walk", walk)).text

    assert ["Maya Example" in text for text in (pressed, error_response, active_page)] == [False, False, True]


@pytest.mark.parametrize(("minutes", "works"), [(30 + 60 + 119, True), (30 + 60 + 121, False)])
def test_idle_buttons_work_until_two_hours_after_the_end(minutes, works, phone, walk):
    with after(minutes):
        answer = phone.get(address("on_the_day:walk", walk))

    assert answer.status_code == (200 if works else 302)
    assert is_asked_to_sign_in(answer) != works


def test_idle_buttons_work_after_ten_hours_too(client, walk, officer):
    Walk.objects.update(start_at=timezone.now() + datetime.timedelta(hours=11))
    sign_in(client, officer)
    with after(10 * 60 + 30):
        answer = client.post(address("on_the_day:set_off", walk))

    assert answer["Location"] == address("on_the_day:walk", walk)


def test_walk_tomorrow_keeps_no_session_open(phone, walk):
    Walk.objects.update(start_at=timezone.now() + datetime.timedelta(hours=20))

    with after(30):
        assert is_asked_to_sign_in(phone.get(address("on_the_day:walk", walk)))


def test_cancelled_walk_keeps_no_session_open(phone, walk):
    Walk.objects.update(status=WalkStatus.CANCELLED)

    with after(30):
        assert is_asked_to_sign_in(phone.get("/staff/walks/"))


@pytest.mark.parametrize("role", ["lead", "administrator"])
def test_walk_keeps_no_session_open_for_another_role(role, phone, walk, officer):
    Officer.objects.filter(pk=officer.pk).update(role=role, bcu=None, leads_walks=False)
    assert officer in walk.live_officers()

    with after(30):
        assert is_asked_to_sign_in(phone.get("/staff/walks/"))


def test_only_officers_of_the_walk_have_actions_open(walk, officer):
    assert list(Walk.objects.with_actions_open_to(officer, walk.start_at)) == [walk]
    assert list(Walk.objects.with_actions_open_to(AnonymousUser(), walk.start_at)) == []


def test_inspector_is_signed_out_during_walks_too(client, walk, inspector):
    sign_in(client, inspector)
    with after(30):
        assert is_asked_to_sign_in(client.get(address("on_the_day:walk", walk)))


def test_idle_session_can_sign_out(phone, walk):
    with after(30):
        phone.post("/staff/sign-out/")
        assert is_asked_to_sign_in(phone.get(address("on_the_day:walk", walk)))


def test_page_marks_personal_details_for_the_idle_script(phone, walk):
    text = phone.get(address("on_the_day:walk", walk)).text

    assert 'data-instead="900"' in text
    assert text.count(" data-personal") == 2


def test_signing_in_again_gives_an_idle_session_a_new_key(phone, walk, officer):
    with after(minutes=20):
        assert "Maya Example" not in phone.get(address("on_the_day:walk", walk)).text
        idle_key = phone.session.session_key
        sign_in(phone, officer)

        assert phone.session.session_key != idle_key
        assert "Maya Example" in phone.get(address("on_the_day:walk", walk)).text


def test_colleague_signs_in_where_a_session_is_idle(phone, walk, inspector):
    with after(minutes=20):
        assert "Maya Example" not in phone.get(address("on_the_day:walk", walk)).text
        sign_in(phone, inspector)

        assert inspector.name in phone.get("/staff/keys/").text
