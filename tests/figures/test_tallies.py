"""The figures that a job counts: when a page shows them, and when it counts for itself."""

import ast
import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.urls import reverse

from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.freezes import Freeze
from bookings.statuses import Status
from boroughs.models.bcus import BoroughCommandUnit
from figures.models.tallies import StoredTally
from figures.tallies.counted import count, counted_for
from figures.tallies.jobs import count_figures
from tests.support.factories import BookingFactory
from tests.support.figures import make_answered_booking, make_booking_of_past_walk
from tests.support.query_counts import count_queries

NOON = datetime.datetime(2026, 6, 17, 11, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PAGE = "figures:figures"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def counted(noon, southwark, camden):
    """Count six requests in Southwark and seven in Camden."""
    for borough, number in ((southwark, 6), (camden, 7)):
        BookingFactory.create_batch(number, borough=borough, asked_at=NOON - 60 * MINUTE)
    count_figures(NOON)


def asked_for_a_walk(client, **query):
    """Return how many asked for a walk, by the name of the row."""
    rows = client.get(reverse(PAGE), query).context["rows"]
    return {place.name: place.cells["requested"].text for place, _address, _row in rows}


@pytest.mark.django_db
def test_page_shows_what_was_counted_and_counts_nothing_itself(counted, client, lead, southwark, noon):
    BookingFactory(borough=southwark, asked_at=NOON - MINUTE)
    client.force_login(lead)
    noon.shift(9 * MINUTE)

    assert asked_for_a_walk(client)["All of London"] == "13"
    stored = count_queries(client, reverse(PAGE))
    StoredTally.objects.all().delete()
    assert asked_for_a_walk(client)["All of London"] == "14"
    assert stored < count_queries(client, reverse(PAGE)) <= 15


@pytest.mark.django_db
@pytest.mark.parametrize("later", [21 * MINUTE, datetime.timedelta(hours=12, minutes=1)], ids=["late", "next day"])
def test_page_counts_for_itself_when_the_job_is_late(later, counted, client, lead, southwark, noon):
    BookingFactory(borough=southwark, asked_at=NOON)
    noon.shift(later)
    client.force_login(lead)

    assert asked_for_a_walk(client)["All of London"] == "14"


@pytest.mark.django_db
def test_tallies_of_yesterday_are_not_shown_just_after_midnight(client, lead, southwark, noon):
    midnight = datetime.datetime(2026, 6, 30, 23, tzinfo=datetime.UTC)
    noon.move_to(midnight - MINUTE)
    count_figures(midnight - MINUTE)
    noon.move_to(midnight + MINUTE)

    assert counted_for(lead, period="28", now=midnight + MINUTE).at == midnight + MINUTE


@pytest.mark.django_db
def test_booking_frozen_after_counting_is_in_no_figure(counted, client, lead, inspector, stranger, southwark, noon):
    frozen = Booking.objects.filter(borough=southwark).first()
    noon.shift(MINUTE)
    freeze_booking(frozen)
    frozen.refresh_from_db()
    assert frozen.nominated_inspector is not None
    noon.shift(MINUTE)

    client.force_login(lead)
    assert asked_for_a_walk(client)["All of London"] == "12"
    assert b",12," in client.get(reverse("figures:csv")).content
    client.force_login(inspector)
    assert client.get(reverse(PAGE)).context["place"].cells["requested"].text == "5"
    count_figures(NOON + 2 * MINUTE)
    client.force_login(lead)
    assert asked_for_a_walk(client)["All of London"] == "12"


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [1, 5.9])
def test_freeze_that_was_saved_late_counts_too(minutes, counted, client, lead, southwark, stranger):
    """Its moment is before that of the count, which did not see it yet: in a long transaction, or a late replica."""
    frozen = Booking.objects.filter(borough=southwark).first()
    with time_machine.travel(NOON - minutes * MINUTE, tick=False):
        Booking.objects.filter(pk=frozen.pk).update(nominated_inspector=stranger)
        Freeze.objects.create(booking=frozen)

    client.force_login(lead)
    assert asked_for_a_walk(client)["All of London"] == "12"


def test_only_a_freeze_restricts_a_booking_that_was_counted():
    """If another action restricts one, `figures.tallies.counted` must know of it."""
    setting = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for path in (settings.BASE_DIR / "bookings").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and any(keyword.arg == "nominated_inspector" for keyword in call.keywords)
        if getattr(call.func, "id", "") == "save_changes" or getattr(call.func, "attr", "") == "update"
    }

    assert setting == {
        "bookings/manage/freeze/actions.py",
        # Those that were restricted before: to another inspector of another BCU.
        "bookings/triage/handover/actions.py",
        "bookings/triage/reassignment.py",
    }


@pytest.mark.django_db
def test_stored_tallies_are_those_counted_at_that_moment(counted, lead, inspector, southwark, bcu, camden):
    make_answered_booking(southwark, 3)
    make_booking_of_past_walk(camden, Status.COMPLETED)
    count_figures(NOON)
    counted_now = count(Booking.objects.in_figures_for(lead), now=NOON)

    for_lead, for_inspector = (counted_for(user, period="28", now=NOON + MINUTE) for user in (lead, inspector))

    assert for_lead.at == NOON
    for period, tallies in counted_now.by_period.items():
        assert {bcu: tally for bcu, tally in for_lead.of(period).items() if bcu in tallies} == tallies
        assert set(for_inspector.of(period)) == {bcu.pk}
        assert for_inspector.of(period)[bcu.pk] == for_lead.of(period)[bcu.pk]


@pytest.mark.django_db(transaction=True)
def test_job_counts_once_however_often_it_runs(counted):
    def run(moment):
        try:
            count_figures(moment)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, [NOON, NOON, NOON + MINUTE, NOON + MINUTE]))

    rows = StoredTally.objects.values_list("period", "bcu")
    assert len(rows) == len(set(rows)) == 15 * (BoroughCommandUnit.objects.count() + 1)
    assert len(set(StoredTally.objects.values_list("counted_at", flat=True))) == 1


@pytest.mark.django_db
def test_months_that_no_page_shows_are_deleted(counted):
    count_figures(NOON + datetime.timedelta(days=40))

    assert not StoredTally.objects.filter(period="2025-06").exists()
    assert StoredTally.objects.filter(period="2026-07").exists()
