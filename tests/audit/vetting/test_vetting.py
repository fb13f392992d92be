"""An auditor keeps an officer off walks: at once, against everyone's presses, until an auditor allows it again."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.account_closure.actions import close_account
from audit.alerts.findings import findings
from audit.vetting.actions import YOURSELF, allow_on_walks, keep_off_walks
from bookings.models.events import Event
from bookings.on_the_day.takeover.actions import ENDED, accept_takeover, ask_colleague
from bookings.on_the_day.unavailability.actions import mark_not_available
from bookings.scheduling.recurring_walks.actions import RecurringWalkOffer, offer_recurring_walk
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from tests.support.factories import (
    BookingFactory,
    OfficerFactory,
    RecurringWalkFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.form_data import confirmed_adjustments_data, plan_data, schedule_data
from tests.support.on_the_day import messages_of_kind
from tests.support.people import make_auditor
from tests.support.query_counts import count_queries
from tests.support.staff_client import StaffClient
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.duties import DutyDay
from walks.models.takeovers import Takeover
from walks.statuses import TakeoverAnswer, WalkStatus

pytestmark = pytest.mark.django_db

LIST = "/staff/audit/vetting/"
REASON = "Case 12 of 2026"
PLAIN = {"contact__needs": [], "contact__needs_details": ""}


def keep(officer, auditor):
    keep_off_walks(officer, by=auditor, reason=REASON)
    officer.refresh_from_db()


def is_available(officer):
    return Officer.objects.get(pk=officer.pk).is_available


def signed_in(person):
    client = StaffClient()
    client.force_login(person)
    return client


# --- At once ----------------------------------------------------------------------------------------------------------


def test_officer_comes_off_walks_to_come_and_only_the_log_names_the_auditor(
    as_auditor, auditor, officer, second_officer, southwark
):
    booking = scheduled_booking([officer, second_officer], borough=southwark)
    over = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(-3), status=WalkStatus.COMPLETED)

    page = as_auditor.post(f"{LIST}{officer.pk}/", {"reason": f" {REASON} "}, follow=True).text

    logged = SecurityEvent.objects.get(kind=Kind.KEPT_OFF_WALKS)
    (event,) = Event.objects.all()
    (told,) = messages_of_kind("team_officer_withdrew")
    assert "is now kept off walks. Their team has been asked" in page
    assert (booking.walk.live_officers(), over.live_officers()) == ([second_officer], [officer])
    assert (event.kind, event.by, event.walk) == (EventKind.OFFICER_LEFT, officer, booking.walk)
    assert "can’t make a walk" in told.text
    assert messages_of_kind("officer_released").get().recipient == officer.email
    assert (logged.officer, logged.subject, logged.reason) == (auditor, officer, REASON)


def test_walk_that_goes_on_is_told_to_ring_and_not_why(auditor, officer, second_officer, southwark):
    walk = WalkFactory(
        bcu=southwark.bcu,
        officers=[officer, second_officer],
        start_at=timezone.now() - datetime.timedelta(minutes=10),
        status=WalkStatus.UNDER_WAY,
    )
    scheduled_booking([officer, second_officer], borough=southwark, walk=walk)
    page = reverse("on_the_day:walk", args=[walk.pk])
    before = signed_in(officer).get(page).status_code

    keep(officer, auditor)

    told, partner = messages_of_kind("team_officer_cut_off").get(), messages_of_kind("officer_walk_changed").get()
    assert walk.live_officers() == [second_officer]
    assert "was taken off a walk that is going on.\n" in told.text
    assert "Ring that officer now" in told.text
    assert (partner.recipient, "Don’t leave the requester alone" in partner.text) == (second_officer.email, True)
    assert not messages_of_kind("officer_released").exists()
    assert (before, signed_in(officer).get(page).status_code) == (200, 404)


def test_officer_leaves_recurring_walks_and_is_not_put_back(auditor, officer, second_officer, inspector, southwark):
    recurring = RecurringWalkFactory(bcu=southwark.bcu, officers=[officer, second_officer])
    booking = BookingFactory(borough=southwark, **PLAIN)
    date = next(recurring.dates(london.today() + datetime.timedelta(days=5), london.today() + datetime.timedelta(20)))
    offer = RecurringWalkOffer(recurring_walk=recurring, date=date, officers=[officer, second_officer])

    keep(officer, auditor)
    with pytest.raises(ActionError, match="is not available"):
        offer_recurring_walk(booking, offer, by=inspector, version=booking.version)
    allow_on_walks(officer, by=auditor, reason=REASON)

    assert set(recurring.officers.all()) == {second_officer}
    assert recurring.events.get().by == officer


def test_takeover_questions_end_and_none_can_be_accepted(auditor, officer, second_officer, bcu, southwark):
    colleague = OfficerFactory(bcu=bcu, name="Sara Okafor")
    walk = scheduled_booking([officer, second_officer], borough=southwark, **PLAIN).walk
    asked = ask_colleague(walk, by=officer, colleague=colleague)
    stale = Officer.objects.get(pk=colleague.pk)

    keep(colleague, auditor)

    asked.refresh_from_db()
    assert asked.answer == TakeoverAnswer.DECLINED
    assert messages_of_kind("officer_takeover_declined").get().recipient == officer.email
    again = Takeover.objects.create(walk=walk, asked_by=second_officer, colleague=colleague, start_at=walk.start_at)
    with pytest.raises(TransitionNotAllowed, match=ENDED[:30]):
        accept_takeover(again, by=stale)
    with pytest.raises(ActionError, match="no longer free"):
        ask_colleague(walk, by=officer, colleague=colleague)


# --- Against presses of others ----------------------------------------------------------------------------------------


def test_inspector_cannot_assign_the_officer_by_hand(auditor, officer, second_officer, bcu, inspector, southwark):
    waiting = BookingFactory(borough=southwark)
    booking = scheduled_booking([second_officer, OfficerFactory(bcu=bcu)], borough=southwark)
    keep(officer, auditor)
    client = signed_in(inspector)

    scheduled = client.post(reverse("scheduling:schedule", args=[waiting.pk]), schedule_data([officer, second_officer]))
    changed = client.post(
        reverse("scheduling:change_walk", args=[booking.walk.pk]),
        {**plan_data([officer, second_officer], days=10), **confirmed_adjustments_data(booking), "version": 1},
    )

    said = f"{officer.display_name} is not available. Choose someone else"
    assert [(page.status_code, said in page.text) for page in (scheduled, changed)] == [(422, True), (422, True)]
    assert officer not in booking.walk.live_officers()


def test_duty_and_its_import_change_nothing(auditor, officer, inspector):
    keep(officer, auditor)
    client, day = signed_in(inspector), london.today() + datetime.timedelta(days=10)
    text = f"{officer.shoulder_number},{day},9am to 11pm"

    preview = client.post(reverse("walks:import_duties"), {"text": text})
    client.post(reverse("walks:import_duties"), {"text": text, "save": "yes"})

    assert "Not available" in preview.text
    assert DutyDay.objects.filter(officer=officer).exists()
    assert not is_available(officer)


def test_team_cannot_end_what_an_auditor_said(auditor, officer, inspector):
    keep(officer, auditor)

    for person in (inspector, officer):
        signed_in(person).post(reverse("on_the_day:available_again", args=[officer.pk]))

    assert not is_available(officer)
    assert Unavailability.objects.get().is_vetting


def test_team_that_said_so_too_ends_only_its_own_word(auditor, officer, inspector):
    mark_not_available(officer, by=inspector)
    keep(officer, auditor)

    page = signed_in(inspector).post(reverse("on_the_day:available_again", args=[officer.pk]), follow=True).text

    assert "because someone else entered it too" in page
    assert not is_available(officer)


# --- Administrators ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lookup", ["is_available__exact", "is_available", "unavailability__isnull", "unavailability__is_vetting", "id__in"]
)
def test_administrator_cannot_look_up_who_is_not_available(lookup, administrator, auditor, officer):
    keep(officer, auditor)

    page = signed_in(administrator).get(reverse("admin:boroughs_officer_changelist"), {lookup: "0"})

    assert page.status_code == 400


def test_administrator_can_filter_by_what_the_list_shows(administrator, officer):
    page = signed_in(administrator).get(
        reverse("admin:boroughs_officer_changelist"), {"leads_walks__exact": "1", "bcu__id__exact": officer.bcu_id}
    )

    assert (page.status_code, officer.name in page.text) == (200, True)


def test_administrator_reads_the_same_pages_as_before(administrator, auditor, officer):
    client = signed_in(administrator)
    addresses = [
        reverse("admin:boroughs_officer_changelist"),
        reverse("admin:boroughs_officer_change", args=[officer.pk]),
        reverse("admin:boroughs_officer_history", args=[officer.pk]),
        reverse("admin:boroughs_boroughcommandunit_changelist"),
        reverse("administrator-today"),
        reverse("account_closure:close", args=[officer.pk]),
    ]
    before = [without_tokens(client.get(address)) for address in addresses]

    keep(officer, auditor)

    assert [without_tokens(client.get(address)) for address in addresses] == before


def without_tokens(response):
    token = response.context["csrf_token"]
    return response.text.replace(str(token), "")


def test_saved_form_of_an_administrator_does_not_lift_the_gate(administrator, auditor, officer):
    stale = Officer.objects.get(pk=officer.pk)
    keep(officer, auditor)

    for leads_walks in (False, True):
        stale.leads_walks = leads_walks
        stale.save()

    officer.refresh_from_db()
    assert (officer.leads_walks, officer.is_available, officer.may_walk) == (True, False, False)


def test_closed_account_that_is_opened_again_is_still_kept_off(administrator, auditor, officer):
    keep(officer, auditor)

    close_account(officer, by=administrator)
    Officer.objects.filter(pk=officer.pk).update(is_active=True)

    assert not is_available(officer)


# --- The auditor ------------------------------------------------------------------------------------------------------


def test_auditor_cannot_decide_about_themself(as_auditor, auditor):
    shown = as_auditor.get(f"{LIST}{auditor.pk}/").text
    pressed = as_auditor.post(f"{LIST}{auditor.pk}/", {"reason": REASON})

    assert YOURSELF in shown
    assert "<form" not in shown.split("<main")[1].split("</main")[0]
    assert (pressed.status_code, is_available(auditor)) == (409, True)
    Unavailability.objects.create(officer=auditor, by=make_auditor(), is_vetting=True)
    with pytest.raises(ActionError, match=YOURSELF[:20]):
        allow_on_walks(auditor, by=auditor, reason=REASON)


@pytest.mark.parametrize("action", [keep_off_walks, allow_on_walks])
@pytest.mark.parametrize("who", ["inspector", "administrator", "lead", "officer", "control_room", "closed_auditor"])
def test_nobody_else_decides(who, action, auditor, second_officer, request):
    Officer.objects.filter(pk=auditor.pk).update(is_active=False)
    by = auditor if who == "closed_auditor" else request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        action(second_officer, by=by, reason=REASON)

    assert is_available(second_officer)


def test_allowed_again_by_another_auditor_who_says_why(as_auditor, officer, bcu):
    keep(officer, make_auditor())
    led_on = as_auditor.get(f"{LIST}{officer.pk}/")
    without_reason = as_auditor.post(led_on.url, {"reason": ""})
    two_lines = as_auditor.post(led_on.url, {"reason": "Case 12\nclosed"})

    page = as_auditor.post(led_on.url, {"reason": "Case 12 closed"}, follow=True).text

    assert led_on.url == f"{LIST}{officer.pk}/allow/"
    assert "Enter why they may be on walks again" in without_reason.text
    assert (without_reason.status_code, two_lines.status_code) == (422, 422)
    assert "may be on walks again" in page
    assert SecurityEvent.objects.get(kind=Kind.ALLOWED_ON_WALKS).reason == "Case 12 closed"
    assert officer in Officer.objects.who_can_be_assigned(bcu)


def test_allowed_by_the_auditor_is_still_unavailable_while_the_team_says_so(auditor, officer, inspector):
    keep(officer, auditor)
    mark_not_available(officer, by=inspector)

    allow_on_walks(officer, by=auditor, reason=REASON)

    assert not is_available(officer)


def test_search_with_nothing_entered_asks_for_something(as_auditor):
    page = as_auditor.post("/staff/audit/vetting/", {"person": "", "bcu": ""}).text

    assert "Enter a name, email address or shoulder number, or select a BCU" in page


def test_second_press_is_refused(as_auditor, auditor, officer):
    keep(officer, auditor)

    kept = as_auditor.post(f"{LIST}{officer.pk}/", {"reason": REASON})
    allow_on_walks(officer, by=auditor, reason=REASON)
    allowed = as_auditor.post(f"{LIST}{officer.pk}/allow/", {"reason": REASON})

    assert (kept.status_code, "already kept off walks" in kept.text) == (409, True)
    assert (allowed.status_code, "not kept off walks" in allowed.text) == (409, True)


def test_auditor_finds_officers_and_sees_who_is_kept_off(as_auditor, auditor, officer, second_officer, camden):
    elsewhere = OfficerFactory(bcu=camden.bcu, name="Olive Elsewhere")
    keep(second_officer, auditor)
    found = {}
    for text, bcu in (("olive", ""), ("11as", ""), ("olive", camden.bcu.code), ("", camden.bcu.code)):
        answer = as_auditor.post(LIST, {"person": text, "bcu": bcu})
        found[text, bcu] = list(as_auditor.get(answer.url).context["people"])
        assert text not in answer.url or not text

    page = as_auditor.get(LIST)

    assert found == {
        ("olive", ""): [elsewhere, officer],
        ("11as", ""): [officer],
        ("olive", camden.bcu.code): [elsewhere],
        ("", camden.bcu.code): [elsewhere],
    }
    assert [row.officer for row in page.context["kept_off"]] == [second_officer]
    assert f"Since {london.long_date(timezone.now())}" in page.text


def test_list_takes_no_more_queries_for_more(as_auditor, auditor, officer, bcu):
    keep(officer, auditor)
    for_one = count_queries(as_auditor, LIST)
    for _each in range(2):
        keep(OfficerFactory(bcu=bcu), auditor)

    assert count_queries(as_auditor, LIST) == for_one


@pytest.mark.parametrize("address", [f"{LIST}999999/", f"{LIST}999999/allow/"])
def test_unknown_officer_is_a_404(as_auditor, address):
    assert as_auditor.get(address).status_code == 404
    assert as_auditor.post(address, {"reason": REASON}).status_code == 404


def test_ten_minutes_after_signing_in_the_auditor_confirms_first(client, auditor, officer):
    client.post("/staff/sign-in/", {"username": auditor.email, "password": "correct horse battery staple"})
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        shown = client.get(f"{LIST}{officer.pk}/")
        pressed = client.post(f"{LIST}{officer.pk}/", {"reason": REASON})
        confirm = client.get(pressed.url)

    assert shown.url.startswith("/staff/confirm/")
    assert pressed.url.startswith("/staff/confirm/")
    assert is_available(officer)
    assert confirm.context["back"] == "/staff/"


def test_other_auditors_are_told_who_decided_and_read_the_rest_on_their_page(auditor, officer):
    keep(officer, auditor)

    (finding,) = findings(timezone.now())

    assert (finding.what, finding.who, finding.address) == ("Kept someone off walks", auditor.display_name, "vetting/")
    assert (finding.whose, finding.more) == ("", "")
