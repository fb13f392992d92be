import datetime
import uuid

import pytest
from django.utils import timezone

from bookings.models.links import Link
from bookings.statuses import Channel, Status
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent
from feedback.statuses import State
from tests.support.factories import BookingFactory
from tests.support.feedback_factories import ConcernFactory, make_completed_booking
from tests.support.markup import Markup


def link(booking, purpose=Link.Purpose.REPORT):
    return Link.objects.create_token(booking, purpose, expires_at=timezone.now() + datetime.timedelta(days=1))


def answers(**fields):
    return {
        "submission": str(uuid.uuid4()),
        "place_kinds": ["lighting", "isolated"],
        "people_kinds": ["followed"],
        "place": "The path behind the library",
        "light": "dark",
        "time_of_day": "night",
        "how_often": "always",
        "before": "2",
        "after": "4",
        "text": "I cannot see the ground.",
        "consent": "yes",
    } | fields


@pytest.fixture
def completed_booking(officer):
    return make_completed_booking([officer])


@pytest.mark.parametrize("purpose", [Link.Purpose.PAGE, Link.Purpose.REPORT])
def test_submit_report_opens_with_either_kind_of_link(purpose, client, completed_booking):
    response = client.get(f"/tell-us/{link(completed_booking, purpose)}/")

    assert response.status_code == 200
    assert b"Too dark, or lights not working" in response.content
    assert response["Cache-Control"] == "no-store, private"


def test_submit_report_with_an_invalid_link_is_not_found(client, db):
    assert client.get("/tell-us/nothing/").status_code == 404


def test_submit_report_saves_one_report_and_thanks_the_requester(client, completed_booking):
    token = link(completed_booking)

    response = client.post(f"/tell-us/{token}/", answers(), follow=True)

    assert response.redirect_chain == [(f"/tell-us/{token}/thanks/", 302)]
    assert "We’ll tell you what came of each thing" in response.text
    report = Report.objects.get()
    assert (report.booking, report.before, report.after) == (completed_booking, 2, 4)
    assert {concern.kind for concern in report.concerns.all()} == {"lighting", "isolated", "followed"}
    assert all(concern.consent for concern in report.concerns.all())


def test_submit_report_sent_twice_saves_one_report(client, completed_booking):
    token, twice = link(completed_booking), answers()

    client.post(f"/tell-us/{token}/", twice)
    client.post(f"/tell-us/{token}/", twice)
    client.post(f"/tell-us/{token}/", answers())

    assert Report.objects.count() == 2


def test_submit_report_has_a_new_submission_id_on_each_page(client, completed_booking):
    token = link(completed_booking)

    numbers = {client.get(f"/tell-us/{token}/").context["form"]["submission"].value() for _ in range(2)}

    assert len(numbers) == 2


@pytest.mark.parametrize(
    ("changed", "target", "words"),
    [
        (
            {"place_kinds": [], "people_kinds": [], "text": ""},
            "#id_place_kinds",
            "Select what worried you, or tell us about it in your own words",
        ),
        ({"place": ""}, "#id_place", "Enter where this was"),
        ({"place_kinds": ["moonlight"]}, "#id_place_kinds", "Select one of the answers shown"),
        ({"light": "moonlight"}, "#id_light", "Select one of the answers shown"),
        ({"after": "6"}, "#id_after", "Select one of the answers shown"),
        ({"text": "x" * 4001}, "#id_text", "Use 4000 characters or fewer. You have used 4001."),
        ({"place": "x" * 501}, "#id_place", "Use 500 characters or fewer. You have used 501."),
    ],
)
def test_submit_report_shows_errors(changed, target, words, client, completed_booking):
    response = client.post(f"/tell-us/{link(completed_booking)}/", answers(**changed))

    assert response.status_code == 422
    assert response.context["error_summary"] == [{"text": words, "href": target}]
    assert "The path behind the library" in response.content.decode() or "place" in changed
    assert not Report.objects.exists()


def test_submit_report_without_a_submission_id_saves_nothing(client, completed_booking):
    response = client.post(f"/tell-us/{link(completed_booking)}/", answers(submission="x"))

    assert response.status_code == 422
    assert not Report.objects.exists()


def test_submit_report_saves_text_without_a_kind_as_other(client, completed_booking):
    client.post(f"/tell-us/{link(completed_booking)}/", answers(place_kinds=[], people_kinds=[], consent=""))

    concern = Concern.objects.get()
    assert (concern.kind, concern.consent) == ("other", False)


def test_submit_report_accepts_a_safe_place_alone(client, completed_booking):
    client.post(
        f"/tell-us/{link(completed_booking)}/",
        answers(place_kinds=[], people_kinds=[], text="", place="", safe_place="The bakery"),
    )

    assert [(concern.safe_place, concern.place) for concern in Concern.objects.all()] == [(True, "The bakery")]


@pytest.mark.parametrize("status", [Status.DECLINED, Status.CANCELLED_BY_US, Status.OFFICERS_ABSENT])
def test_submit_report_asks_about_feelings_only_after_a_walk(status, client, southwark):
    token = link(BookingFactory(status=status))

    form = client.get(f"/tell-us/{token}/").context["form"]
    client.post(f"/tell-us/{token}/", answers())

    assert "before" not in form.fields
    assert (Report.objects.get().before, Report.objects.get().after) == (None, None)


@pytest.mark.parametrize("status", [Status.NOT_MINE, Status.EXPIRED])
def test_submit_report_is_not_found_for_a_booking_reported_not_mine(status, client, southwark):
    assert client.get(f"/tell-us/{link(BookingFactory(status=status))}/").status_code == 404


def test_submit_report_shows_what_officers_recorded(client, officer, completed_booking):
    noted = ConcernFactory(report__booking=completed_booking, report__by_officer=officer, text="She said it is dark.")
    ConcernFactory(report__booking=completed_booking, kind="cctv", text="Words of her own.")
    ConcernFactory(report__booking=BookingFactory(), text="Another woman's words.", report__by_officer=officer)
    ConcernEvent.objects.record(noted, to_state=State.NO_ACTION, to_requester="The land is private.")

    page = client.get(f"/tell-us/{link(completed_booking)}/").content.decode()

    assert "She said it is dark." in page
    assert "An officer wrote this down for you" in page
    assert "The land is private." in page
    assert "No CCTV, or I don’t know if it works" in page
    assert "Words of her own." not in page
    assert "Another woman" not in page


def test_submit_report_escapes_recorded_text(client, officer, completed_booking):
    ConcernFactory(report__booking=completed_booking, report__by_officer=officer, text="<script>alert(1)</script>")

    page = client.get(f"/tell-us/{link(completed_booking)}/").content

    assert b"<script>alert" not in page
    assert b"&lt;script&gt;alert" in page


def test_submit_report_asks_for_the_pin_first(client, officer, settings):
    booking = make_completed_booking([officer], channel=Channel.DISCREET)
    path = f"/r/{link(booking)}/tell/"
    host = settings.DISCREET_HOST

    previous_response = client.get(path, headers={"host": host})
    pin_response = client.post(path, {"pin": "402817"}, headers={"host": host}, follow=False)
    after = client.get(path, headers={"host": host})

    assert b"Too dark" not in previous_response.content
    assert pin_response.status_code == 302
    assert b"Too dark" in after.content


def test_submit_report_on_the_neutral_host_has_a_bland_title(client, officer, settings):
    booking = make_completed_booking([officer], channel=Channel.DISCREET)
    path = f"/r/{link(booking)}/tell/"
    headers = {"host": settings.DISCREET_HOST}
    client.post(path, {"pin": "402817"}, headers=headers)

    page = client.get(path, headers=headers).content.decode()
    response = client.post(path, answers(), headers=headers)
    thanks = client.get(response["Location"], headers=headers).content.decode()

    assert Markup(page).title == "Tell us what you noticed"
    assert response["Location"] == f"{path}thanks/"
    assert Markup(thanks).title == "Thank you"
    assert Report.objects.get().booking == booking


# --- The map ----------------------------------------------------------------------------------------------------------


def test_map_begins_at_the_meeting_place_of_the_walk(client, completed_booking):
    completed_booking.walk.map_coordinates = [51.47001, -0.06802]
    completed_booking.walk.save()

    page = client.get(f"/tell-us/{link(completed_booking)}/").text

    assert 'data-about="51.47001,-0.06802"' in page


def test_reader_who_may_be_a_stranger_gets_no_map(client, completed_booking):
    """It would show her where the requester met the officers."""
    completed_booking.contact.address_unconfirmed_since = timezone.now()
    completed_booking.contact.save()
    expires_at = timezone.now() + datetime.timedelta(days=1)
    sent_to = {"expires_at": expires_at, "email": "maya@example.com"}
    token = Link.objects.create_token(completed_booking, Link.Purpose.REPORT, **sent_to)

    page = client.get(f"/tell-us/{token}/").text

    assert completed_booking.borough.gss not in page
    assert "data-map" not in page


def test_report_takes_a_point_on_the_map(client, completed_booking):
    page = f"/tell-us/{link(completed_booking)}/"

    form = client.post(page, answers(map_point="51.47001,-0.06802", light="moonlight")).context["form"]
    outside = client.post(page, answers(map_point="48.85,2.35"))

    assert form["map_point"].value() == "51.47001,-0.06802"
    assert outside.context["error_summary"][0]["text"].startswith("The point must be in London")
