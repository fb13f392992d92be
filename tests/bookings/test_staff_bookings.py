import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import paging
from bookings.models import Booking, ReadLog, Walk, Wish
from bookings.promise import promise_of
from bookings.statuses import Channel, Status, WalkStatus
from outbox.models import Message
from tests.support.factories import BookingFactory, OfficerFactory, WalkFactory, WardFactory, in_days, scheduled_booking
from tests.support.query_counts import queries_of
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


def address(name, row):
    return reverse(f"staff:{name}", args=[row.pk])


def answers(team, *, days=10, start="6:30pm", **others):
    date = london.today() + datetime.timedelta(days=days)
    return {
        "date_day": date.day,
        "date_month": date.month,
        "date_year": date.year,
        "start": start,
        "minutes": "60",
        "meeting_place": "Peckham Rye station, by the flower stall",
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "officers": [officer.pk for officer in team],
        "version": "1",
        "need_step_free": "arranged",
        "how_step_free": "Walked by Sergeant Stone",
        **others,
    }


def names_shown(response):
    return [row.booking.contact.name for row in response.context["rows"]]


def test_queue_shows_the_soonest_needed_first(as_inspector, southwark):
    BookingFactory(borough=southwark, needed_at=in_days(12), contact__name="Later")
    BookingFactory(borough=southwark, needed_at=in_days(8), contact__name="Sooner")

    assert names_shown(as_inspector.get(QUEUE)) == ["Sooner", "Later"]


def test_queue_shows_nothing_of_another_bcu(client, stranger, booking):
    client.force_login(stranger)

    response = client.get(QUEUE)

    assert "Maya" not in response.text
    assert "No open bookings" in response.text


@pytest.mark.parametrize("person", ["officer", "lead", "administrator"])
def test_queue_is_shut_to_everybody_else(person, client, booking, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(QUEUE).status_code == 403


def test_queue_never_shows_how_to_reach_her(as_inspector, booking):
    response = as_inspector.get(QUEUE)

    assert "Maya Example" in response.text
    assert "07700" not in response.text
    assert "maya@example.com" not in response.text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", ["Waiting", "Scheduled"]),
        ("waiting", ["Waiting"]),
        ("scheduled", ["Scheduled"]),
        ("nonsense", ["Waiting", "Scheduled"]),
    ],
)
def test_queue_filters_by_state(state, shown, as_inspector, southwark, team):
    BookingFactory(borough=southwark, contact__name="Waiting", needed_at=in_days(3))
    scheduled_booking(team, borough=southwark, contact__name="Scheduled")
    BookingFactory(borough=southwark, contact__name="Declined", status=Status.DECLINED)

    assert names_shown(as_inspector.get(QUEUE, {"state": state})) == shown


def test_queue_flags_what_to_look_out_for(as_inspector, southwark, officer):
    scheduled_booking([officer], borough=southwark, channel=Channel.DISCREET, confirmed_at=None)

    (row,) = as_inspector.get(QUEUE).context["rows"]

    assert [flag.text for flag in row.flags] == [
        "Not read yet",
        "1 of 2 officers",
        "Not confirmed",
        "Discreet email",
        "Access needs",
    ]


def test_queue_begins_with_the_walks_that_lack_officers(as_inspector, southwark, team, officer, camden):
    short = scheduled_booking([officer], borough=southwark).walk
    scheduled_booking(team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(5)))
    WalkFactory(bcu=camden.bcu)

    response = as_inspector.get(QUEUE)

    assert [walk.pk for walk in response.context["short_walks"]] == [short.pk]
    assert "1 of 2 officers can make it" in response.text


def test_queue_goes_on_after_the_last_row_of_a_page(as_inspector, southwark, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for name in "ABCDE":
        BookingFactory(borough=southwark, needed_at=in_days(9), contact__name=name)
    seen, response = [], as_inspector.get(QUEUE)

    while True:
        seen += names_shown(response)
        if response.context["last"] is None:
            break
        response = as_inspector.get(QUEUE, {"after": response.context["last"]})

    assert sorted(seen) == list("ABCDE")


def test_queue_does_not_go_on_after_a_booking_of_another_bcu(client, stranger, booking, camden):
    BookingFactory(borough=camden, contact__name="Hers")
    client.force_login(stranger)

    assert names_shown(client.get(QUEUE, {"after": booking.pk})) == ["Hers"]


def test_queue_asks_as_often_for_three_bookings_as_for_one(as_inspector, southwark, team):
    scheduled_booking(team, borough=southwark)
    one = queries_of(as_inspector, QUEUE)
    for days in (11, 12):
        scheduled_booking(
            team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(days))
        )

    assert queries_of(as_inspector, QUEUE) == one <= 15


@pytest.mark.parametrize(
    ("hours", "words", "tag"),
    [
        (4 * 24, "answer by Thursday 26 November 2026, 4 days left", "On time"),
        (24, "answer by Monday 23 November 2026, 1 day left", "At risk"),
        (2, "answer by 2pm today", "Today"),
        (-2, "late since 10am today", "Late"),
        (-24, "late by 1 day", "Late"),
        (-72, "late by 3 days", "Late"),
    ],
)
def test_promise_of_says_how_much_time_is_left(hours, words, tag, booking):
    now = london.to_instant(datetime.date(2026, 11, 22), datetime.time(12))
    booking.answer_due_at = now + datetime.timedelta(hours=hours)

    promise = promise_of(booking, now=now)

    assert (promise.words, promise.tag) == (words, tag)


def test_promise_of_says_when_it_was_answered(booking):
    booking.answered_at = booking.answer_due_at + datetime.timedelta(minutes=1)

    promise = promise_of(booking, now=timezone.now())

    assert promise.tag == "Was late"
    assert promise.words == f"answered {london.long_date(booking.answered_at)}"


def test_booking_page_shows_what_she_asked_for(as_inspector, booking):
    response = as_inspector.get(address("booking", booking))

    for text in (
        str(booking.wishes.get()),
        "Sunset",
        "main entrance",
        "Step-free route",
        "I use a stick.",
        "Do not call her",
    ):
        assert text in response.text


def test_booking_page_names_the_poster_that_she_came_from(as_inspector, southwark, booking):
    by_poster = BookingFactory(borough=southwark, source="southwark")
    by_a_poster_of_old = BookingFactory(borough=southwark, source="south-walk")

    assert "On the poster for Southwark" in as_inspector.get(address("booking", by_poster)).text
    assert "On the poster for south-walk" in as_inspector.get(address("booking", by_a_poster_of_old)).text
    assert "poster" not in as_inspector.get(address("booking", booking)).text


def test_booking_page_keeps_her_number_behind_a_tap(as_inspector, booking):
    assert "07700 900123" not in as_inspector.get(address("booking", booking)).text
    assert not ReadLog.objects.filter(field="phone").exists()

    response = as_inspector.post(address("booking_phone", booking))

    assert "07700 900123" in response.text
    assert ReadLog.objects.get(field="phone").booking == booking


@pytest.mark.parametrize("name", ["booking", "schedule", "decline", "cancel", "spoken", "booking_phone"])
@pytest.mark.parametrize("person", ["stranger", "officer", "lead", "administrator"])
def test_booking_pages_are_not_found_by_anybody_else(person, name, client, booking, request):
    client.force_login(request.getfixturevalue(person))
    send = client.post if name in ("spoken", "booking_phone") else client.get

    assert send(address(name, booking)).status_code == 404


@pytest.mark.parametrize("name", ["spoken", "booking_phone"])
def test_booking_taps_refuse_to_be_read(name, as_inspector, booking):
    assert as_inspector.get(address(name, booking)).status_code == 405


@pytest.mark.parametrize(
    ("status", "offered"),
    [(Status.WAITING, {"schedule", "decline"}), (Status.SCHEDULED, {"change"}), (Status.DECLINED, set())],
)
def test_booking_page_offers_what_may_be_done(status, offered, as_inspector, southwark, team):
    walk = WalkFactory(bcu=southwark.bcu, officers=team) if status == Status.SCHEDULED else None
    booking = BookingFactory(borough=southwark, status=status, walk=walk)

    context = as_inspector.get(address("booking", booking)).context

    assert {name for name in ("spoken", "schedule", "decline", "change") if context[f"offer_{name}"]} == offered


def test_booking_page_offers_to_confirm_before_it_offers_to_schedule(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])

    context = as_inspector.get(address("booking", booking)).context

    assert context["offer_spoken"]
    assert not context["offer_schedule"]


def test_booking_page_does_not_offer_to_confirm_where_she_may_not_be_called(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None)

    for name in ("booking", "schedule"):
        response = as_inspector.get(address(name, booking))

        assert "She gave no number that we may call." in response.text
        assert "I have spoken with her" not in response.text


def test_booking_page_escapes_what_she_wrote(as_inspector, southwark):
    booking = BookingFactory(
        borough=southwark, contact__name="<script>x</script>", contact__meeting_place="<b>here</b>"
    )

    for name in ("booking", "schedule"):
        text = as_inspector.get(address(name, booking)).text
        assert "<script>x" not in text
        assert "<b>here" not in text
        assert "&lt;script&gt;x" in text


def test_spoken_confirms(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])

    response = as_inspector.post(address("spoken", booking), {"version": booking.version}, follow=True)

    booking.refresh_from_db()
    assert booking.confirmed_at is not None
    assert "you have spoken with her" in response.text


def test_schedule_page_begins_with_her_first_choice(as_inspector, booking):
    response = as_inspector.get(address("schedule", booking))

    wish = booking.wishes.get()
    assert response.context["form"].initial == {
        "date": wish.date,
        "start": wish.start,
        "minutes": 60,
        "meeting_place": "Peckham Rye station, main entrance",
        "pin": None,
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "version": 1,
        "need_step_free": "arranged",
        "how_step_free": "Walked by Sergeant Stone",
    }


@pytest.mark.parametrize(("asked", "rank"), [("2", 2), ("7", 1), ("x", 1)])
def test_schedule_page_takes_the_wish_that_was_chosen(asked, rank, as_inspector, booking):
    Wish.objects.create(booking=booking, rank=2, date=london.today(), start=datetime.time(12))

    initial = as_inspector.get(address("schedule", booking), {"wish": asked}).context["form"].initial

    assert initial["date"] == booking.wishes.get(rank=rank).date


def test_schedule_page_offers_free_officers_first(as_inspector, southwark, booking, team, officer):
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=booking.needed_at)

    response = as_inspector.get(address("schedule", booking))

    assert [each.officer.name for each in response.context["form"].suggestions] == ["Petra Partner", "Olive Officer"]
    assert "On another walk then" in response.text
    assert "Too few are free then" in response.text


def test_schedule_page_puts_officers_of_her_ward_first(as_inspector, southwark, team):
    ward = WardFactory(borough=southwark)
    OfficerFactory(bcu=southwark.bcu, name="Zoe", ward=ward)
    booking = BookingFactory(borough=southwark, ward=ward)

    suggestions = as_inspector.get(address("schedule", booking)).context["form"].suggestions

    assert suggestions[0].officer.name == "Zoe"


def test_schedule_makes_the_walk(as_inspector, booking, team):
    response = as_inspector.post(address("schedule", booking), answers(team), follow=True)

    booking.refresh_from_db()
    assert booking.status == Status.SCHEDULED
    assert booking.walk.start_at == in_days(10)
    assert booking.walk.live_officers() == team
    assert "The officers are being told. She is being told" in response.text


def test_schedule_look_shows_who_is_free_and_saves_nothing(as_inspector, southwark, booking, officer, second_officer):
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(11))
    data = answers([], days=11, meeting_place="", look="yes")

    response = as_inspector.post(address("schedule", booking), data)

    assert response.status_code == 200
    assert not response.context["error_summary"]
    assert [each.is_free for each in response.context["form"].suggestions] == [True, False]
    assert Walk.objects.count() == 1


def test_schedule_look_says_what_is_wrong_with_the_time(as_inspector, booking):
    response = as_inspector.post(address("schedule", booking), answers([], start="6", look="yes"))

    assert [line["text"] for line in response.context["error_summary"]] == ["Start must say am or pm, like 6:30pm"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"date_day": "31", "date_month": "2"}, "Date must be a real date"),
        ({"days": -1}, "Date must be between"),
        ({"days": 400}, "Date must be between"),
        ({"date_year": "9999"}, "Date must be between"),
        ({"start": ""}, "Start must include a time"),
        ({"minutes": "5"}, "Length must be between 10 and 240 minutes"),
        ({"minutes": "9" * 30}, "Length must be between 10 and 240 minutes"),
        ({"meeting_place": " "}, "Enter the exact spot"),
        ({"finish_place": "x" * 301}, "Use 300 characters or fewer"),
        ({"duty_number": ""}, "Enter the number that is answered"),
        ({"officers": []}, "Choose at least 2 officers"),
        ({"officers": ["1", "x"]}, "Choose officers from the list"),
        ({"version": "x"}, "whole number"),
    ],
)
def test_schedule_says_what_to_put_right_and_saves_nothing(changed, message, as_inspector, booking, team):
    data = {**answers(team, days=changed.pop("days", 10)), **changed}

    response = as_inspector.post(address("schedule", booking), data)

    assert response.status_code == 422
    assert message in " ".join(line["text"] for line in response.context["error_summary"])
    assert not Walk.objects.exists()


def test_schedule_refuses_one_officer_where_two_is_the_rule(as_inspector, booking, officer, second_officer):
    response = as_inspector.post(address("schedule", booking), answers([officer]))

    assert response.status_code == 422
    assert "Choose at least 2 officers: that is the rule of Central South" in response.text


def test_schedule_refuses_an_officer_of_another_bcu(as_inspector, booking, officer, camden):
    elsewhere = OfficerFactory(bcu=camden.bcu)

    response = as_inspector.post(address("schedule", booking), answers([officer, elsewhere]))

    assert response.status_code == 422
    assert "Choose officers from the list" in response.text


def test_schedule_refuses_a_taken_officer_and_keeps_every_answer(as_inspector, southwark, booking, team, officer):
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(10))
    OfficerFactory(bcu=southwark.bcu, name="Another")

    response = as_inspector.post(address("schedule", booking), answers(team, finish_place="Nunhead station"))

    assert response.status_code == 409
    (line,) = response.context["error_summary"]
    assert line["text"].startswith("One of these officers has just been given another walk")
    assert line["href"] == "#id_officers"
    assert "Nunhead station" in response.text
    assert [each.officer.name for each in response.context["form"].suggestions] == [
        "Another",
        "Petra Partner",
        "Olive Officer",
    ]
    assert set(response.context["form"]["officers"].value()) == {str(each.pk) for each in team}
    assert Walk.objects.count() == 1


def test_schedule_refuses_what_was_decided_on_an_older_page_and_takes_the_next_try(as_inspector, booking, team):
    Booking.objects.update(version=4)

    refused = as_inspector.post(address("schedule", booking), answers(team))
    version = refused.context["form"]["version"].value()
    taken = as_inspector.post(address("schedule", booking), answers(team, version=version))

    assert refused.status_code == 409
    assert "Somebody has changed this" in refused.text
    assert taken.status_code == 302


def test_schedule_refuses_a_second_walk(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    assert as_inspector.get(address("schedule", booking)).status_code == 302
    response = as_inspector.post(address("schedule", booking), answers(team, days=11))

    assert response.status_code == 409
    assert Walk.objects.count() == 1


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("post", 409)])
def test_schedule_waits_until_she_has_confirmed(method, status, as_inspector, southwark, team):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])

    response = getattr(as_inspector, method)(address("schedule", booking), answers(team))

    assert response.status_code == status
    assert "I have spoken with her" in response.text
    assert not Walk.objects.exists()


def test_schedule_page_asks_as_often_for_three_officers_as_for_one(as_inspector, booking, bcu, officer):
    as_inspector.get(address("booking", booking))  # that somebody first read it was noted there
    one = queries_of(as_inspector, address("schedule", booking))
    OfficerFactory.create_batch(2, bcu=bcu)

    assert queries_of(as_inspector, address("schedule", booking)) == one <= 15


def test_decline_tells_her_why_and_what_she_can_do_instead(as_inspector, booking):
    data = {"reason": "no_officers", "alternatives": ["other_time", "streetsafe"], "words": "Ask for a weekend."}

    as_inspector.post(address("decline", booking), {**data, "version": booking.version})

    booking.refresh_from_db()
    text = Message.objects.get().text
    assert (booking.status, booking.outcome_code) == (Status.DECLINED, "no_officers")
    assert booking.alternatives == "other_time streetsafe"
    for said in ("no officers are free", "Ask again for another day", "StreetSafe", "Ask for a weekend.", "#unhappy"):
        assert said in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"alternatives": []},
        {"reason": "other", "words": ""},
        {"alternatives": ["other_scheme"], "words": ""},
        {"alternatives": ["local_contact"], "words": " "},
    ],
)
def test_decline_needs_a_reason_an_alternative_and_the_words_that_they_promise(wrong, as_inspector, booking):
    data = {"reason": "no_officers", "alternatives": ["other_time"], "words": "Sorry.", "version": booking.version}

    response = as_inspector.post(address("decline", booking), {**data, **wrong})

    booking.refresh_from_db()
    assert response.status_code == 422
    assert booking.status == Status.WAITING


def test_decline_refused_once_it_has_moved_on(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    data = {"reason": "no_officers", "alternatives": ["other_time"], "version": booking.version}

    response = as_inspector.post(address("decline", booking), data)

    assert response.status_code == 409
    assert "cannot become" in response.text


def test_cancel_tells_her_and_frees_the_officers(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    as_inspector.post(address("cancel", booking), {"reason": "illness", "version": booking.version})

    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_US
    assert booking.walk.live_officers() == []
    assert "an officer is unwell" in Message.objects.get(kind__contains="cancelled_by_us").text


def test_cancel_page_warns_and_changes_nothing(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    response = as_inspector.get(address("cancel", booking))

    booking.refresh_from_db()
    assert "She must hear of this before she sets off" in response.text
    assert booking.status == Status.SCHEDULED


def test_cancel_is_not_offered_for_a_walk_under_way(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    Walk.objects.update(status=WalkStatus.UNDER_WAY)

    assert as_inspector.get(address("cancel", booking)).status_code == 302
