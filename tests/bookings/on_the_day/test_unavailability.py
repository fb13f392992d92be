"""The team says that an officer is not available for walks: an inspector of the BCU, or the officer herself."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from bookings.on_the_day.actions import end_walk, start_walk
from bookings.on_the_day.unavailability.actions import NOT_YOURS, SAID_ALREADY, mark_available_again, mark_not_available
from bookings.on_the_day.undo import undo_end
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from tests.support.factories import BookingFactory, InspectorFactory, WalkFactory, scheduled_booking
from tests.support.on_the_day import messages_of_kind, walk_events
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(bcu):
    return InspectorFactory(bcu=bcu, name="Carla Colleague")


def is_available(officer):
    return Officer.objects.get(pk=officer.pk).is_available


def test_inspector_says_so_and_takes_it_back(as_inspector, inspector, officer, second_officer, southwark):
    walk = scheduled_booking([officer, second_officer], borough=southwark).walk
    duty = reverse("walks:officer_duties", args=[officer.pk])

    said = as_inspector.post(reverse("on_the_day:not_available", args=[officer.pk]), follow=True)
    listed = as_inspector.get(reverse("walks:duties")).text
    ended = as_inspector.post(reverse("on_the_day:available_again", args=[officer.pk]), follow=True)

    assert said.redirect_chain == [(duty, 302)]
    assert "is not available for walks now" in said.text
    assert "Available again" in said.text
    assert ">Not available</strong>" in listed
    assert walk_events(walk) == [(EventKind.OFFICER_LEFT, officer)]
    assert walk.live_officers() == [second_officer]
    assert "is available for walks again" in ended.text
    assert is_available(officer)
    logged = SecurityEvent.objects.filter(kind__in=[Kind.NOT_AVAILABLE, Kind.AVAILABLE_AGAIN])
    assert [(row.kind, row.officer, row.subject) for row in logged.order_by("pk")] == [
        (Kind.NOT_AVAILABLE, inspector, officer),
        (Kind.AVAILABLE_AGAIN, inspector, officer),
    ]


def test_only_the_person_who_said_so_can_end_it(officer, inspector, colleague):
    mark_not_available(officer, by=inspector)

    for other in (colleague, officer):
        with pytest.raises(TransitionNotAllowed, match=NOT_YOURS):
            mark_available_again(officer, by=other)

    assert not is_available(officer)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Officer.Role.LEAD}, {"bcu": "camden"}])
def test_colleagues_end_an_entry_of_someone_who_left(change, officer, inspector, colleague, camden):
    mark_not_available(officer, by=inspector)
    change = {"bcu": camden.bcu} if "bcu" in change else change
    Officer.objects.filter(pk=inspector.pk).update(**change)

    assert mark_available_again(officer, by=colleague)
    assert is_available(officer)


def test_officer_is_available_once_everyone_who_entered_it_has_ended_it(officer, inspector):
    mark_not_available(officer, by=officer)
    mark_not_available(officer, by=inspector)

    results = [mark_available_again(officer, by=inspector), mark_available_again(officer, by=officer)]

    assert results == [False, True]


def test_same_person_says_it_once(officer, inspector):
    mark_not_available(officer, by=inspector)

    with pytest.raises(TransitionNotAllowed, match=SAID_ALREADY[:20]):
        mark_not_available(officer, by=inspector)


@pytest.mark.parametrize("who", ["stranger", "second_officer", "administrator", "auditor", "lead"])
@pytest.mark.parametrize("action", [mark_not_available, mark_available_again])
def test_nobody_else_can_mark_an_officer(action, who, officer, request):
    with pytest.raises(PermissionDenied):
        action(officer, by=request.getfixturevalue(who))


def test_walk_whose_end_is_undone_is_not_hers_again(officer, second_officer, inspector, southwark):
    walk = WalkFactory(bcu=southwark.bcu, officers=[officer, second_officer], start_at=timezone.now())
    scheduled_booking([officer, second_officer], borough=southwark, walk=walk)
    start_walk(walk, by=officer)
    end_walk(walk, by=officer)
    mark_not_available(officer, by=inspector)
    kept = walk.live_officers()

    undo_end(walk, by=second_officer, until=walk.undo_until)

    assert (kept, Walk.objects.get(pk=walk.pk).live_officers()) == ([officer, second_officer], [second_officer])
    assert messages_of_kind("team_officer_cut_off").exists()


def test_form_of_a_walk_says_who_is_not_available(as_inspector, officer, second_officer, inspector, southwark):
    mark_not_available(officer, by=inspector)
    page = as_inspector.get(reverse("scheduling:schedule", args=[BookingFactory(borough=southwark).pk]))

    assert f"Not available: {officer.display_name}." in page.text
    assert [option.officer for option in page.context["form"].suggestions] == [second_officer]
