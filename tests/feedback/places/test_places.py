"""Which place a concern is about, and the places that several women named, by women and not by reports."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bookings.statuses import Channel
from boroughs.geography.map_points import MapPoint
from feedback.concerns.actions import say_where
from feedback.models.concerns import Concern
from feedback.models.places import RepeatedPlace, ReportedPlace
from feedback.places.counting import count_repeated_places
from feedback.places.locating import note_place, place_at
from feedback.retention import erase_concern
from feedback.statuses import State
from tests.support.concurrency import run_in_thread
from tests.support.factories import BookingFactory, in_days
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, ImprovementFactory
from tests.support.place_reports import make_place_report
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.paging import PAGE_SIZE

pytestmark = pytest.mark.django_db

CORNER = MapPoint(51.46801, -0.06902)
AROUND_THE_CORNER = MapPoint(51.46851, -0.06902)
NEXT_STREET = MapPoint(51.47051, -0.06902)


def place_of(concern):
    return Concern.objects.get(pk=concern.pk).reported_place


def told(point=CORNER, **fields):
    """Return a concern about this point, by default of another woman."""
    concern = ConcernFactory(**fields)
    note_place(concern, point, concern.report.booking.borough.gss)
    return concern


def counts():
    count_repeated_places(timezone.now())
    return [(row.kind, row.women) for row in RepeatedPlace.objects.order_by("-women", "kind")]


# --- Where it is ------------------------------------------------------------------------------------------------------


def test_points_within_100_metres_are_one_place_with_a_rounded_point_and_a_known_name(southwark):
    first, near, far = told(), told(AROUND_THE_CORNER), told(NEXT_STREET)

    assert place_of(first) == place_of(near) != place_of(far)
    place = place_of(first)
    assert (place.lat, place.lon, place.borough) == (51.468, -0.069, southwark)
    assert place.name.startswith("Near ")


def test_without_a_point_the_words_may_name_a_public_place(southwark):
    named, unnamed = told(None, place="The steps of Peckham Rye station"), told(None, place="A dark corner")

    assert (place_of(named).name, place_of(unnamed)) == ("Peckham Rye station", None)


def test_concern_kept_from_the_bcu_or_about_another_bcu_is_at_no_place(stranger, southwark, camden):
    kept = told(report__booking=BookingFactory(borough=southwark, nominated_inspector=stranger))
    elsewhere = told(report__booking=BookingFactory(borough=camden))

    assert (place_of(kept), place_of(elsewhere)) == (None, None)


def test_inspector_says_where_it_is(inspector, stranger, southwark):
    concern = ConcernFactory()

    say_where(concern, CORNER, by=inspector, version=0)

    assert place_of(concern).name.startswith("Near ")
    with pytest.raises(PermissionDenied):
        say_where(concern, NEXT_STREET, by=stranger, version=0)
    with pytest.raises(TransitionNotAllowed):
        say_where(concern, NEXT_STREET, by=inspector, version=7)
    with pytest.raises(ActionError, match="Another team"):
        say_where(concern, MapPoint(51.5415, -0.1433), by=inspector, version=0)


# --- Counting ---------------------------------------------------------------------------------------------------------


def test_women_count_and_not_their_reports(southwark):
    told()
    maya = uuid.uuid4()
    for _report in range(3):
        told(report__person_key=maya)
    told(kind="path")

    assert counts() == [("lighting", 2), ("path", 1)]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.DIVERTED, "external_reference": "CRIS 1"},
        {"state": State.WITHDRAWN},
        {"state": State.RESOLVED},
        {"kind": "", "safe_place": True},
    ],
)
def test_what_is_not_waiting_or_not_ours_to_tell_does_not_count(fields, southwark):
    told()
    told(**fields)

    assert counts() == [("lighting", 1)]


def test_women_without_a_confirmed_address_are_said_apart(southwark):
    told()
    for is_confirmed in (False, True):
        make_place_report(southwark, email=f"{is_confirmed}@example.com", is_confirmed=is_confirmed, point=CORNER)
    make_place_report(southwark, channel=Channel.NONE, point=CORNER)

    counts()

    row = RepeatedPlace.objects.get(kind="lighting")
    assert (row.women, row.unconfirmed) == (4, 2)


def test_woman_with_a_confirmed_and_another_report_is_one_whom_we_know(southwark):
    for is_confirmed in (False, True):
        make_place_report(southwark, is_confirmed=is_confirmed, point=CORNER)

    counts()

    row = RepeatedPlace.objects.get()
    assert (row.women, row.unconfirmed) == (1, 0)


def test_concern_about_to_be_deleted_does_not_count(southwark):
    told()
    told(report__booking__erasure_due_at=in_days(1))

    assert counts() == [("lighting", 1)]


def test_place_without_a_concern_or_an_improvement_is_deleted(southwark, inspector):
    gone, kept = told(), told(NEXT_STREET)
    improved = place_at(MapPoint(51.4801, -0.07))
    ImprovementFactory(borough=southwark, owner=inspector, place=improved)
    erase_concern(gone)

    counts()

    assert set(ReportedPlace.objects.all()) == {place_of(kept), improved}


@pytest.mark.django_db(transaction=True)
def test_place_that_someone_is_choosing_now_is_not_deleted(southwark):
    place = place_at_in_a_transaction(CORNER)

    with transaction.atomic():
        assert place_at(CORNER) == place
        run_in_thread(lambda: count_repeated_places(timezone.now())).join()
        kept = ReportedPlace.objects.count()
    count_repeated_places(timezone.now())

    assert (kept, ReportedPlace.objects.count()) == (1, 0)


def place_at_in_a_transaction(point):
    with transaction.atomic():
        return place_at(point)


def test_places_that_nobody_names_any_more_leave(southwark):
    concern = told()
    assert counts() == [("lighting", 1)]
    Concern.objects.filter(pk=concern.pk).update(reported_place=None)

    assert counts() == []


@pytest.mark.parametrize(
    ("recent", "earlier", "trend"), [(3, 1, "more than before"), (1, 3, "fewer than before"), (2, 0, "")]
)
def test_trend_compares_women_of_90_days_with_the_90_before(recent, earlier, trend, southwark):
    for days, women in ((-30, recent), (-120, earlier)):
        for _woman in range(women):
            told(reported_at=in_days(days))

    counts()

    assert RepeatedPlace.objects.get().trend == trend


# --- The pages --------------------------------------------------------------------------------------------------------


def test_list_has_places_of_two_women_or_more_the_most_women_first(as_inspector, southwark):
    told(NEXT_STREET)
    for point, women in ((CORNER, 2), (MapPoint(51.4801, -0.07), 3)):
        for _woman in range(women):
            told(point)
    counts()

    page = as_inspector.get("/staff/places/")

    assert [row.women for row in page.context["rows"]] == [3, 2]
    assert [row.women for row in as_inspector.get("/staff/places/?kind=path").context["rows"]] == []
    assert "ground" not in page.text  # no woman's own words


def test_reports_without_email_lift_no_place_above_one_that_women_named_whom_we_know(as_inspector, southwark):
    told(), told()
    for _report in range(5):
        make_place_report(southwark, channel=Channel.NONE, point=NEXT_STREET)
    counts()

    page = as_inspector.get("/staff/places/")
    flooded = as_inspector.get(f"/staff/places/{page.context['rows'][1].place_id}/").text

    assert [(row.women, row.unconfirmed) for row in page.context["rows"]] == [(2, 0), (5, 5)]
    assert "5 without a confirmed address" in " ".join(flooded.split())


def test_pages_of_the_list_show_every_place_once_though_many_have_as_many_women(as_inspector, southwark):
    places = [
        ReportedPlace.objects.create(bcu=southwark.bcu, borough=southwark, lat=51.4, lon=number / 1000, name="Park")
        for number in range(PAGE_SIZE + 3)
    ]
    RepeatedPlace.objects.bulk_create(
        RepeatedPlace(place=place, kind="lighting", bcu=southwark.bcu, women=2, recent=1) for place in places
    )

    first = as_inspector.get("/staff/places/").context
    second = as_inspector.get(f"/staff/places/?after={first['last']}").context

    shown = [row.place for row in (*first["rows"], *second["rows"])]
    assert (len(shown), set(shown)) == (len(places), set(places))


def test_list_says_what_is_being_changed_there(as_inspector, southwark, inspector):
    first, _second = told(), told()
    counts()
    ImprovementFactory(borough=southwark, owner=inspector, place=place_of(first), state=State.PLANNED)

    assert "Action planned" in as_inspector.get("/staff/places/").text


def test_other_bcus_see_nothing_of_it(client, stranger, southwark):
    first, _second = told(), told()
    counts()
    client.force_login(stranger)

    assert client.get("/staff/places/").context["rows"] == []
    assert client.get(f"/staff/places/{place_of(first).pk}/").status_code == 404


def test_place_leads_to_an_improvement_once_a_concern_is_accepted(as_inspector, inspector, southwark):
    concern = told()
    address = f"/staff/places/{place_of(concern).pk}/"
    before = as_inspector.get(address).text
    accepted = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    Concern.objects.update(**accepted)

    after = as_inspector.get(address).text

    improve = f'href="/staff/concerns/{concern.pk}/improve/"'
    assert (improve in before, improve in after) == (False, True)
    assert concern.text not in after


def test_improvement_made_from_a_place_takes_the_other_concerns_along(as_inspector, inspector, southwark):
    owned = {"state": State.ACCEPTED, "owner": inspector, "review_date": REVIEW_DATE}
    first, second = told(**owned), told(**owned)
    page = as_inspector.get(f"/staff/concerns/{first.pk}/improve/")
    form = page.context["form"]
    day = in_days(20).date()
    answers = {
        **{name: form[name].value() for name in ("version", "kind", "where", "concerns")},
        **{f"review_date_{part}": getattr(day, part) for part in ("day", "month", "year")},
        "change": "Mend the lamp",
    }

    response = as_inspector.post(f"/staff/concerns/{first.pk}/improve/", answers)

    assert response["Location"].startswith("/staff/improvements/")
    joined = Concern.objects.get(pk=first.pk).improvement
    assert joined.place == ReportedPlace.objects.get()
    assert Concern.objects.get(pk=second.pk).improvement == joined
