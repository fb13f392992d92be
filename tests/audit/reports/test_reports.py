"""The auditor's reports: which lines each of them has."""

import datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from audit.reports.catalogue import REPORTS
from bookings.events import record
from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from tests.support.factories import BookingFactory, InspectorFactory, scheduled_booking
from tests.support.looks import in_london, look, travel_to
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def lines(client, code, **asked):
    response = client.get(f"/staff/audit/reports/{code}/", asked)
    assert response.status_code == 200
    return response.context["page"].lines


def people(client, code, **asked):
    return [line.who for line in lines(client, code, **asked)]


@pytest.mark.parametrize("who", ["inspector", "officer", "lead", "administrator"])
def test_nobody_else_opens_a_report(request, client, who):
    client.force_login(request.getfixturevalue(who))

    answers = {client.get(f"/staff/audit/reports/{code}/").status_code for code in REPORTS}

    assert answers == {403}


def test_unknown_report_is_not_found(as_auditor):
    assert as_auditor.get("/staff/audit/reports/nothing/").status_code == 404


@pytest.mark.parametrize("code", REPORTS)
def test_every_report_has_its_own_rows_alone(as_auditor, code):
    response = as_auditor.get(f"/staff/audit/reports/{code}/")

    assert response.status_code == 200
    assert "Nothing in this time." in response.text


def test_looks_without_claim_or_walk(as_auditor, southwark, team, inspector, booking):
    walked = scheduled_booking(team, borough=southwark)
    look(inspector, booking)
    look(team[0], walked, reason="on_walk")
    look(inspector, walk=walked.walk)

    about = [line.subject for line in lines(as_auditor, "unassigned")]

    assert about == [
        f"Walk of {london.long_date(walked.walk.start_at)}, 6:30pm, Central South",
        f"Booking {booking.spoken_reference}",
    ]


@pytest.mark.parametrize("day", ["2026-01-15", "2026-07-15", "2026-03-29", "2026-10-25"])
def test_out_of_hours_is_by_the_clock_in_london(as_auditor, inspector, booking, day):
    day = datetime.date.fromisoformat(day)
    for hour, minute in ((6, 59), (7, 0), (22, 59), (23, 0)):
        look(inspector, booking, at=in_london(day, hour, minute))

    clocks = [line.clock for line in lines(as_auditor, "out-of-hours", period=day.isoformat())]

    assert clocks == ["23:00:00", "06:59:00"]


def test_restricted_bookings(as_auditor, southwark, inspector, stranger, booking):
    restricted = BookingFactory(borough=southwark, nominated_inspector=stranger)
    look(inspector, booking)
    look(stranger, restricted)

    (line,) = lines(as_auditor, "restricted")

    assert (line.who, line.subject) == (stranger, f"Booking {restricted.spoken_reference}")
    assert "Restricted" in line.remarks


def open_bookings(person, number, southwark, day):
    for booking in BookingFactory.create_batch(number, borough=southwark):
        look(person, booking, at=in_london(day, 10))
        look(person, booking, at=in_london(day, 11))  # the same booking twice counts once
        look(person, booking, at=in_london(day, 12), reason="list")


def test_unusual_numbers_say_what_they_are_compared_with(as_auditor, southwark, bcu, inspector):
    today = london.today()
    for days in range(1, 7):
        open_bookings(inspector, 2, southwark, today - datetime.timedelta(days=days))
    open_bookings(inspector, 12, southwark, today)

    (line,) = lines(as_auditor, "unusual")

    assert (line.who, line.subject, line.why) == (inspector, "12 bookings opened", "Usual number: 2")
    assert "12 bookings opened" in as_auditor.get("/staff/audit/reports/unusual/").text


def test_usual_number_of_colleagues_is_that_of_her_bcu_and_role(as_auditor, southwark, bcu, inspector, stranger):
    today = london.today()
    colleague = InspectorFactory(bcu=bcu)
    for days in range(1, 7):
        open_bookings(colleague, 3, southwark, today - datetime.timedelta(days=days))
        open_bookings(stranger, 12, southwark, today - datetime.timedelta(days=days))
    open_bookings(inspector, 12, southwark, today)

    (line,) = lines(as_auditor, "unusual", period="1")

    assert line.why == "No earlier days, colleagues’: 3"


def test_looks_in_lists_are_no_bookings_opened(as_auditor, southwark, inspector):
    for booking in BookingFactory.create_batch(40, borough=southwark):
        look(inspector, booking, reason="list")

    assert lines(as_auditor, "unusual") == []


def test_credential_changes_and_freezes(as_auditor, inspector, booking, stranger):
    colleague = InspectorFactory(bcu=inspector.bcu)
    record(EventKind.PIN_RESET, booking=booking, by=inspector, approved_by=colleague, note="Met at the station.")
    record(EventKind.NOTE_ADDED, booking=booking, by=inspector, note="She rang.")
    freeze_booking(booking)

    (credential,) = lines(as_auditor, "credentials")
    (freeze,) = lines(as_auditor, "freezes")

    assert (credential.what, credential.why) == (EventKind.PIN_RESET.label, f"Agreed by {colleague.display_name}")
    assert (freeze.what, freeze.person) == (EventKind.FROZEN.label, "Nobody signed in")
    assert "Met at the station" not in as_auditor.get("/staff/audit/reports/credentials/").text


def test_admin_changes_show_numbers_and_fields_and_no_words_of_the_row(as_auditor, administrator, booking, inspector):
    for model, pk, words in ((Booking, booking.pk, str(booking)), (Officer, inspector.pk, str(inspector))):
        LogEntry.objects.create(
            user=administrator,
            content_type=ContentType.objects.get_for_model(model),
            object_id=pk,
            object_repr=words,
            action_flag=CHANGE,
            change_message='[{"changed": {"fields": ["Role", "Email address"]}}]',
        )

    text = as_auditor.get("/staff/audit/reports/administration/").text

    assert f"Person {inspector.pk}" in text
    assert "Role, Email address" in text
    assert [words for words in (booking.spoken_reference, inspector.email, str(booking.pk)) if words in text] == []


def test_sentence_in_the_admin_log_is_not_shown(as_auditor, administrator):
    LogEntry.objects.create(user=administrator, action_flag=CHANGE, object_id="1", change_message="Maya's page.")

    assert "Maya" not in as_auditor.get("/staff/audit/reports/administration/").text


def test_bcu_and_period_narrow_a_report(as_auditor, inspector, stranger, booking):
    now = timezone.now()
    look(inspector, booking)
    look(stranger, booking)
    look(inspector, booking, at=now - datetime.timedelta(days=20))

    assert people(as_auditor, "unassigned") == [stranger, inspector]
    assert people(as_auditor, "unassigned", bcu=stranger.bcu.code) == [stranger]
    assert people(as_auditor, "unassigned", period="28") == [stranger, inspector, inspector]
    day = london.local(now - datetime.timedelta(days=20)).date()
    assert people(as_auditor, "unassigned", period=day.isoformat()) == [inspector]


@pytest.mark.parametrize("asked", [{"period": "x"}, {"period": "2999-01-01"}, {"bcu": "XX"}, {"after": "x"}])
def test_address_that_makes_no_sense_shows_the_usual_report(as_auditor, inspector, booking, asked):
    look(inspector, booking)

    assert len(lines(as_auditor, "unassigned", **asked)) == 1


@pytest.mark.parametrize("code", REPORTS)
def test_reports_need_few_queries_however_long_they_are(
    client, auditor, southwark, inspector, administrator, code, django_assert_max_num_queries
):
    for booking in BookingFactory.create_batch(30, borough=southwark, nominated_inspector=inspector):
        look(inspector, booking, at=in_london(london.today(), 2))
        record(EventKind.PIN_RESET, booking=booking, by=inspector)
        record(EventKind.FROZEN, booking=booking)
        LogEntry.objects.create(user=administrator, action_flag=CHANGE, object_id="1", change_message="[]")

    with travel_to(in_london(london.today(), 12)):
        client.force_login(auditor)  # at that time, or the session could have ended by then
        with django_assert_max_num_queries(9):
            page = client.get(f"/staff/audit/reports/{code}/", {"period": "1"})

    assert page.status_code == 200
