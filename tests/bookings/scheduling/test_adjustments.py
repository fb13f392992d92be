"""Every need must be met, or agreed otherwise, before a walk is scheduled (docs/rules.md#needs)."""

import pytest
from django.urls import reverse

from bookings.models.adjustments import Adjustment
from bookings.notices.walk_card import WalkCard
from bookings.retention.actions import erase_booking
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.changes.actions import WalkChange, change_walk
from bookings.statuses import Need, Status
from tests.support.decisions import change_now, schedule_now
from tests.support.factories import BookingFactory, OfficerFactory, WalkFactory, in_days, scheduled_booking
from tests.support.form_data import confirmed_adjustments_data, plan_data, schedule_data
from walkandtalk.lib.errors import ActionError
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db

LIFT = ArrangedAdjustment(need=Need.STEP_FREE, how="Lift at both ends, walked by PC Okafor", agreed_otherwise=False)
SIGNS = ArrangedAdjustment(need=Need.BSL, how="we write, since nobody who signs is free", agreed_otherwise=True)


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark, contact__needs=["step_free", "bsl"], contact__adjustments_by=False)


@pytest.fixture
def schedule(booking, inspector, officer, second_officer, plan):
    def act(arranged):
        return schedule_now(booking, inspector, plan=plan, officers=[officer, second_officer], arranged=arranged)

    return act


@pytest.mark.parametrize(
    ("arranged", "missing"),
    [
        ([], "Step-free route; British Sign Language (BSL)"),
        ([LIFT], "British Sign Language (BSL)"),
        ([SIGNS], "Step-free route"),
    ],
)
def test_schedule_booking_refused_while_a_need_has_no_adjustment(arranged, missing, booking, schedule):
    with pytest.raises(ActionError, match="Missing: ") as refused:
        schedule(arranged)

    booking.refresh_from_db()
    assert str(refused.value).endswith(f"Missing: {missing}.")
    assert (booking.status, Adjustment.objects.count()) == (Status.WAITING, 0)


def test_schedule_booking_saves_the_adjustments_and_tells_the_requester(booking, schedule):
    schedule([LIFT, SIGNS])

    booking.refresh_from_db()
    card = {line.label: line.text for line in WalkCard.of(booking).lines()}
    assert card["Arranged for you"] == (
        "Step-free route: Lift at both ends, walked by PC Okafor; "
        "British Sign Language (BSL): agreed with you, we write, since nobody who signs is free"
    )


def test_schedule_booking_replaces_earlier_adjustments(booking, schedule, inspector):
    Adjustment.objects.create(booking=booking, need=Need.BSL, how="PC Okafor signs", by=inspector)

    schedule([LIFT, SIGNS])

    assert sorted(row.how for row in Adjustment.objects.all()) == [LIFT.how, SIGNS.how]


def test_needs_described_in_text_also_need_an_adjustment(southwark):
    booking = BookingFactory(
        borough=southwark, contact__needs=[], contact__needs_details="Two dogs", contact__adjustments_by=False
    )

    assert booking.contact.needs_to_arrange() == [Need.OTHER]


def test_schedule_page_asks_about_each_need_and_keeps_what_was_typed(
    client, inspector, booking, officer, second_officer
):
    client.force_login(inspector)
    answers = schedule_data([officer, second_officer], how_step_free="Lift <b>at both ends</b>")

    response = client.post(reverse("scheduling:schedule", args=[booking.pk]), answers)

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == [
        "British Sign Language (BSL): select whether it’s arranged or agreed otherwise with her",
        "British Sign Language (BSL): enter how, and by whom",
    ]
    assert "Lift &lt;b&gt;at both ends&lt;/b&gt;" in response.text


def test_walk_page_shows_the_adjustments(client, officer, second_officer, southwark):
    team = [officer, second_officer]
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(1))
    scheduled_booking(team, borough=southwark, walk=walk)
    client.force_login(officer)

    page = client.get(reverse("on_the_day:walk", args=[walk.pk]))

    assert "Arranged: Step-free route" in page.text
    assert "Walked by Sergeant Stone" in page.text


def test_erase_booking_deletes_adjustments(booking, schedule, inspector):
    schedule([LIFT, SIGNS])
    cancel_booking_by_requester(booking)

    erase_booking(booking)

    assert not Adjustment.objects.exists()


# --- A walk that changes ----------------------------------------------------------------------------------------------


@pytest.fixture
def scheduled(southwark, team):
    return scheduled_booking(team, borough=southwark)


def unchanged_details(walk, **others):
    names = ("start_at", "minutes", "meeting_place", "finish_place", "duty_number")
    return WalkDetails(**{name: getattr(walk, name) for name in names} | others)


@pytest.mark.parametrize(
    "moved",
    [
        {"start_at": in_days(20)},
        {"minutes": 30},
        {"meeting_place": "Nunhead station"},
        {"finish_place": "Nunhead station"},
    ],
)
def test_change_walk_refused_until_each_adjustment_is_confirmed(moved, scheduled, team, inspector):
    plan = unchanged_details(scheduled.walk, **moved)

    with pytest.raises(ActionError, match="Missing: Step-free route"):
        change_now(scheduled.walk, inspector, plan=plan, officers=team)
    scheduled.walk.refresh_from_db()

    assert scheduled.walk.version == 1


def test_change_walk_confirms_adjustments_if_an_officer_leaves(scheduled, team, inspector, bcu):
    third = OfficerFactory(bcu=bcu)
    plan = unchanged_details(scheduled.walk)

    change_now(scheduled.walk, inspector, plan=plan, officers=[*team, third])
    with pytest.raises(ActionError, match="Missing: Step-free route"):
        change_walk(scheduled.walk, WalkChange(plan=plan, officers=team), by=inspector, version=2)

    assert scheduled.walk.live_officers() == sorted([*team, third], key=lambda officer: officer.name)


def test_change_page_asks_for_each_requester_and_saves_both_kinds_of_answer(client, inspector, scheduled, team):
    other_booking = scheduled_booking(team, borough=scheduled.borough, walk=scheduled.walk, contact__name="Nia Example")
    client.force_login(inspector)
    page = {**plan_data(team, days=11), "version": 1, **confirmed_adjustments_data(scheduled, other_booking)}
    field = f"need_{other_booking.pk.hex}_step_free"
    how = f"how_{other_booking.pk.hex}_step_free"

    missing_response = client.post(reverse("scheduling:change_walk", args=[scheduled.walk.pk]), {**page, field: ""})
    incomplete_response = client.post(
        reverse("scheduling:change_walk", args=[scheduled.walk.pk]), {**page, field: "arranged"}
    )
    response = client.post(
        reverse("scheduling:change_walk", args=[scheduled.walk.pk]), {**page, field: "agreed", how: "We carry it"}
    )

    errors = [
        [(line["text"], line["href"]) for line in page.context["error_summary"]]
        for page in (missing_response, incomplete_response)
    ]
    assert errors == [
        [("Nia Example: Step-free route: select whether it’s arranged for the changed walk", f"#id_{field}")],
        [("Nia Example: Step-free route: enter how, and by whom", f"#id_{how}")],
    ]
    assert response.status_code == 302
    assert [(row.how, row.agreed_otherwise, row.by) for row in scheduled.adjustments.all()] == [
        ("Walked by Sergeant Stone", False, inspector)
    ]
    assert [(row.how, row.agreed_otherwise) for row in other_booking.adjustments.all()] == [("We carry it", True)]


def test_change_page_shows_the_current_adjustment_and_preselects_nothing(client, inspector, scheduled):
    client.force_login(inspector)

    response = client.get(reverse("scheduling:change_walk", args=[scheduled.walk.pk]))

    assert "Still arranged: Walked by Sergeant Stone" in response.text
    assert not response.context["form"][f"need_{scheduled.pk.hex}_step_free"].value()
