"""An officer who may no longer lead walks is removed from her walks immediately."""

import datetime
from dataclasses import asdict

import pytest
from django.urls import reverse

from bookings.models.events import Event
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk, withdraw_officer
from bookings.statuses import EventKind
from outbox.models import Message
from tests.support.alerts import rows_alerted
from tests.support.decisions import change_now
from tests.support.factories import OfficerFactory, WalkFactory, confirmed_adjustments, in_days, scheduled_booking
from tests.support.proposals import change_by_two
from walks.planning.plans import WalkDetails
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(southwark, officer, second_officer):
    return scheduled_booking([officer, second_officer], borough=southwark).walk


def emailable(address):
    return sum(message.recipient == address for message in Message.objects.all())


@pytest.mark.parametrize("change", [{"leads_walks": False}, {"bcu": "CN"}])
def test_officer_who_may_no_longer_lead_there_comes_off_her_walks(change, walk, officer, second_officer, camden):
    by = change_by_two(officer, **change)

    walk.refresh_from_db()
    (event,) = Event.objects.filter(kind=EventKind.OFFICER_WITHDRAWN)
    assert (walk.live_officers(), event.walk, event.by) == ([second_officer], walk, by)
    assert [message.kind for message in Message.objects.order_by("number") if message.recipient == officer.email] == [
        "officer_released",
        "account_powers_changed",
    ]


def test_admin_changing_other_fields_leaves_her_on_her_walks(client, administrator, walk, officer, second_officer):
    client.force_login(administrator)
    address = reverse("admin:boroughs_officer_change", args=[officer.pk])
    form = {"name": "Olive Married", "rank": officer.rank, "shoulder_number": "11AS", "languages": "Urdu"}
    assert client.post(address, form).status_code == 302

    officer.refresh_from_db()
    assert (officer.name, officer.languages) == ("Olive Married", "Urdu")
    assert set(walk.live_officers()) == {officer, second_officer}
    assert not Event.objects.exists()


def test_withdraw_officer_leaves_past_and_current_walks(administrator, bcu, officer, second_officer):
    team = [officer, second_officer]
    started = WalkFactory(bcu=bcu, officers=team, start_at=in_days(-1), status=WalkStatus.UNDER_WAY)
    WalkFactory(bcu=bcu, officers=team, start_at=in_days(-5))
    upcoming = [WalkFactory(bcu=bcu, officers=team, start_at=in_days(days)) for days in (5, 9)]
    officer.leads_walks = False
    officer.save()

    left_walks = withdraw_officer(officer, by=administrator)

    assert {walk.pk for walk in left_walks} == {walk.pk for walk in upcoming}
    assert officer in started.live_officers()


def test_withdraw_officer_tells_the_requesters_if_enough_are_left(administrator, walk, officer, bcu):
    bcu.min_officers = 1
    bcu.save()
    officer.leads_walks = False
    officer.save()

    withdraw_officer(officer, by=administrator)

    assert emailable("maya@example.com") == 1


def test_walk_page_does_not_suggest_an_officer_who_cannot_make_it(client, inspector, walk, officer, southwark):
    free = OfficerFactory(bcu=southwark.bcu, name="Fiona Free")
    withdraw_from_walk(walk, by=officer)
    client.force_login(inspector)

    page = client.get(reverse("on_the_day:walk", args=[walk.pk]))

    assert [suggestion.officer for suggestion in page.context["replacements"]] == [free]


@pytest.mark.parametrize(("hours", "may_be_asked"), [(24, True), (1, False)])
def test_walk_page_suggests_the_officer_again_once_the_walk_moved_to_another_day(
    hours, may_be_asked, client, inspector, walk, officer, plan
):
    fields = asdict(plan) | {"start_at": walk.start_at + datetime.timedelta(hours=hours)}
    fill_in = OfficerFactory(bcu=walk.bcu, name="Fiona Fill")
    withdraw_from_walk(walk, by=officer)
    change_now(
        walk,
        inspector,
        plan=WalkDetails(**fields),
        officers=[*walk.live_officers(), fill_in],
        arranged=confirmed_adjustments(walk.bookings.get()),
    )
    withdraw_from_walk(walk, by=fill_in)
    client.force_login(inspector)

    page = client.get(reverse("on_the_day:walk", args=[walk.pk]))

    assert [suggestion.officer for suggestion in page.context["replacements"]] == ([officer] if may_be_asked else [])


def test_walk_page_suggests_replacements_and_alternatives(client, inspector, administrator, walk, officer, southwark):
    free = OfficerFactory(bcu=southwark.bcu, name="Fiona Free")
    busy = OfficerFactory(bcu=southwark.bcu, name="Bea Busy")
    WalkFactory(bcu=southwark.bcu, officers=[busy], start_at=walk.start_at)
    officer.leads_walks = False
    officer.save()
    withdraw_officer(officer, by=administrator)
    client.force_login(inspector)

    page = client.get(reverse("on_the_day:walk", args=[walk.pk]))
    change = client.get(reverse("scheduling:change_walk", args=[walk.pk]), {"add": free.pk})

    assert [suggestion.officer for suggestion in page.context["replacements"]] == [free]
    assert reverse("scheduling:cancel", args=[walk.bookings.get().pk]) in page.text
    assert free.pk in change.context["form"].initial["officers"]
    assert str(walk.pk) in rows_alerted(client, "short")
